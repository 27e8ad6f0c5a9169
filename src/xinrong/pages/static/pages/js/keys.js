// Single keys can be turned off in this browser: speech software would press them by accident.
const off = () => localStorage.getItem("keys") === "off";

window.addEventListener(
  "keydown",
  (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key.length === 1 && !typing && off()) event.stopPropagation();
  },
  { capture: true },
);

for (const help of document.querySelectorAll(".keys-help")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm keys-switch";
  const say = () => {
    const words = document.body.dataset;
    button.textContent = off() ? words.keysOn : words.keysOff;
  };
  button.addEventListener("click", () => {
    localStorage.setItem("keys", off() ? "on" : "off");
    say();
  });
  say();
  help.append(" ", button);
}

// "/" puts the cursor into the search box, from anywhere but a field; Escape closes open menus.
const field = () => document.querySelector("[data-search]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const target = field();
    if (target) {
      event.preventDefault();
      target.focus();
      target.select();
    } else {
      const link = document.querySelector("[data-search-page]");
      if (link) {
        event.preventDefault();
        link.click();
      }
    }
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open], details.more[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}
