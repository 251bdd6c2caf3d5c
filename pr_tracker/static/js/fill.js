// A choice with data-fills="name" data-fill="value" fills that field of its form when chosen, as long as nobody typed
// something else there.
"use strict";
(() => {
  for (const choice of document.querySelectorAll("input[data-fills]")) {
    choice.addEventListener("change", () => {
      const field = choice.form.elements[choice.dataset.fills];
      const filled = [...choice.form.querySelectorAll("input[data-fill]")].map((one) => one.dataset.fill);
      if (field.value.trim() && !filled.includes(field.value.trim())) return;
      field.value = choice.dataset.fill;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
