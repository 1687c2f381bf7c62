// Light or dark: what the visitor chose here, else what their system prefers.
// Loaded in <head> without defer, so that no page flashes in the wrong colours.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      const value = localStorage.getItem("theme");
      return value === "light" || value === "dark" ? value : null;
    } catch {
      return null; // storage is switched off; the system decides
    }
  };

  const apply = () => {
    const theme = chosen() || (system.matches ? "dark" : "light");
    root.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      const other = theme === "dark" ? "light" : "dark";
      button.setAttribute("aria-label", `Switch to ${other} colours`);
      button.setAttribute("title", `Switch to ${other} colours`);
    }
  };

  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);

  document.addEventListener("DOMContentLoaded", () => {
    apply();
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.addEventListener("click", () => {
        const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
        try {
          localStorage.setItem("theme", next);
        } catch {
          root.setAttribute("data-bs-theme", next);
          return;
        }
        apply();
      });
    }
  });
})();
