// Small comforts. Every page works without this file.
(() => {
  "use strict";

  // One open menu at a time; Escape and a click elsewhere close it.
  const menus = document.querySelectorAll("details.menu");
  const close = (except) => {
    for (const menu of menus) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    close(null);
    if (open) open.querySelector("summary").focus();
  });

  // On a narrow screen the ranking matters more than the form above it.
  if (window.matchMedia("(max-width: 999px)").matches) {
    for (const fold of document.querySelectorAll("details[data-fold-when-narrow]")) {
      fold.open = false;
    }
  }

  // A slider says its number.
  for (const output of document.querySelectorAll("output[data-range-value]")) {
    const range = document.getElementById(output.htmlFor.value);
    if (!range) continue;
    const show = () => {
      output.textContent = Number(range.value) >= 100 ? output.dataset.any : `${range.value} or lower`;
    };
    range.addEventListener("input", show);
    show();
  }

  // Long lists of choices can be narrowed by typing.
  for (const filter of document.querySelectorAll("input[data-filters]")) {
    const box = document.getElementById(filter.dataset.filters);
    if (!box) continue;
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const row of box.querySelectorAll(".form-check")) {
        const ticked = row.querySelector("input").checked;
        row.hidden = !ticked && !row.textContent.toLowerCase().includes(wanted);
        row.style.display = row.hidden ? "none" : "";
      }
    });
  }

  // A second click on a slow button would send the form twice.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button[type=submit]");
      if (!button) return;
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) button.textContent = button.dataset.busy;
      form.addEventListener("submit", (again) => again.preventDefault());
    });
  }
  // Coming back by the browser's button finds the page as it was left: make it usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("form[data-once] [aria-disabled]")) {
      window.location.reload();
    }
  });

  // Questions before what cannot be undone.
  document.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // Choosing "I am a creator" makes the brand's name moot.
  const brandName = document.getElementById("div_id_brand_name");
  if (brandName) {
    const sides = document.querySelectorAll("input[name=side]");
    const show = () => {
      const side = document.querySelector("input[name=side]:checked");
      brandName.hidden = Boolean(side) && side.value === "creator";
    };
    for (const side of sides) side.addEventListener("change", show);
    show();
  }
})();
