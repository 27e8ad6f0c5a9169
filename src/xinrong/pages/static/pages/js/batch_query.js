// Finds rows in the tables, and counts the answers as the parts come in.
const box = document.querySelector("[data-find-box]");
const input = box?.querySelector("input");
const found = box?.querySelector("[data-found]");
const tables = [...document.querySelectorAll("[data-found-in]")];

function rows() {
  return tables.flatMap((table) => [...table.querySelectorAll("tr[data-find]")]);
}

function find() {
  const wanted = input.value.trim().toLowerCase();
  const all = rows();
  for (const row of all) row.hidden = !row.dataset.find.toLowerCase().includes(wanted);
  const shown = all.filter((row) => !row.hidden).length;
  found.textContent = found.dataset.words
    .replace("{shown}", shown.toLocaleString("en"))
    .replace("{total}", all.length.toLocaleString("en"));
}

function sum() {
  for (const status of ["answered", "denied"]) {
    const place = document.querySelector(`[data-sum-of="${status}"]`);
    const number = document.querySelectorAll(`tr[data-status="${status}"]`).length;
    if (place) place.textContent = number.toLocaleString("en");
  }
}

if (box && tables.length) {
  box.hidden = false;
  input.addEventListener("input", find);
  find();
  const watch = new MutationObserver(() => {
    sum();
    find();
  });
  for (const table of tables) watch.observe(table, { childList: true });
}
