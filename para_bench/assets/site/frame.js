/* What every page has: a link past the header that leaves the address, and with it what the page shows, as it is. */
"use strict";
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content").focus();
});
