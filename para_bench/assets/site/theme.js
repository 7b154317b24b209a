/* Light, dark, or as the system says. Loaded before the page is drawn, so that no page flashes in the other colours. */
"use strict";
{
  const NAMES = { system: "as the system", light: "light", dark: "dark" };
  const SIGNS = { system: "◐", light: "☀", dark: "☾" };
  const read = () => {
    try {
      return localStorage.getItem("para-bench-theme") || "system";
    } catch {
      return "system"; // some browsers give pages on disk no storage
    }
  };
  const apply = (theme) => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (!button) return;
    button.textContent = SIGNS[theme];
    button.setAttribute("aria-label", `Colours: ${NAMES[theme]}`);
    button.title = `Colours: ${NAMES[theme]}`;
  };
  let theme = read();
  apply(theme);
  document.addEventListener("DOMContentLoaded", () => {
    apply(theme);
    document.getElementById("theme").addEventListener("click", () => {
      const order = Object.keys(NAMES);
      theme = order[(order.indexOf(theme) + 1) % order.length];
      try {
        localStorage.setItem("para-bench-theme", theme);
      } catch {
        // the choice then lasts as long as the page
      }
      apply(theme);
    });
  });
}
