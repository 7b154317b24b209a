/* What every page has: a link past the header that leaves the address as it is, tables whose fixed row and column hide no link that has the
   focus, and column titles for those that a phone shows as cards. */
"use strict";
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content").focus();
});
document.addEventListener("focusin", ({ target }) => {
  const [box, row] = [target.closest(".scroll"), target.closest("tbody tr")];
  if (!box || !row) return;
  const [link, column, head] = [target, row.cells[0], row.closest("table").tHead].map((element) => element.getBoundingClientRect());
  const left = row.cells[0].contains(target) ? 0 : Math.min(0, link.left - column.right - 8);
  box.scrollBy(left, Math.min(0, link.top - head.bottom - 8));
});
for (const table of document.querySelectorAll("table.verdicts")) {
  const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  for (const row of table.tBodies[0].rows) for (const cell of row.cells) cell.dataset.title = titles[cell.cellIndex];
}
