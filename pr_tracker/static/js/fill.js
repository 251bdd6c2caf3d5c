// A field with data-usual (JSON: choice → what is usual) and data-usual-of (the name of the choices) is filled in when a
// choice is made, as long as nobody typed something else there.
"use strict";
(() => {
  for (const field of document.querySelectorAll("input[data-usual]")) {
    const usual = JSON.parse(field.dataset.usual);
    const filled = new Set(Object.values(usual));
    for (const choice of field.form.querySelectorAll(`input[name="${field.dataset.usualOf}"]`)) {
      choice.addEventListener("change", () => {
        const typed = field.value.trim();
        if (!usual[choice.value] || (typed && !filled.has(typed))) return;
        field.value = usual[choice.value];
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
})();
