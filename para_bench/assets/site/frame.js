/* What every page has: a link past the header that leaves the address as it is, and column titles for tables that a phone shows as cards. */
"use strict";
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content").focus();
});
for (const table of document.querySelectorAll("table.verdicts")) {
  const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  for (const row of table.tBodies[0].rows) for (const cell of row.cells) cell.dataset.title = titles[cell.cellIndex];
}
