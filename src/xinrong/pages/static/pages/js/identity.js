// Two keys decide: a digit chooses, Enter confirms; S is unsure, U takes the last decision back.
const form = document.querySelector("form[data-decide]");
const undo = document.querySelector("form[data-undo]");
const spoken = document.querySelector("[data-spoken]");

function choose(key) {
  const radio = form.querySelector(`input[data-key="${key}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.focus({ preventScroll: true });
  radio.closest(".candidate").scrollIntoView({ block: "nearest" });
  spoken.textContent = radio.closest("label").textContent.trim();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (form && /^[0-9]$/.test(key)) {
    event.preventDefault();
    choose(key);
  } else if (form && key === "enter" && !event.target.closest("a, button, summary")) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-confirm]"));
  } else if (form && key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-unsure]"));
  } else if (undo && key === "u") {
    event.preventDefault();
    undo.requestSubmit();
  }
});

// One decision is sent once, however often a key is struck.
for (const sent of [form, undo]) {
  sent?.addEventListener("submit", (event) => {
    if (sent.dataset.sent) event.preventDefault();
    sent.dataset.sent = "yes";
  });
}
