// J and K go down and up the desk, Enter opens: the link that has the focus is the row. Elsewhere a
// link or button that names a key is pressed by it, anything else that does gets the focus.
const links = [...document.querySelectorAll("[data-rows] tr[data-row] a")];
const spoken = document.querySelector("[data-spoken]");

function go(step) {
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  if (!link) return;
  link.focus();
  link.closest("tr").scrollIntoView({ block: "nearest" });
  spoken.textContent = link.closest("tr").textContent.replace(/\s+/g, " ").trim();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (links.length && (key === "j" || key === "k")) {
    event.preventDefault();
    go(key === "j" ? 1 : -1);
    return;
  }
  const keyed = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (!keyed) return;
  event.preventDefault();
  if (keyed.matches("a, button")) keyed.click();
  else keyed.focus();
});
