// A form with data-unsaved warns before one leaves it changed. A form that came back with errors counts as changed.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const written = () => [...new FormData(form)].map(([name, value]) => `${name}=${value.name ?? value}`).join("&");
    const before = document.querySelector('main [role="alert"]') ? null : written();
    let isLeavingWell = false;
    form.addEventListener("submit", () => { isLeavingWell = true; });
    addEventListener("pageshow", () => { isLeavingWell = false; });
    addEventListener("beforeunload", (event) => {
      if (!isLeavingWell && written() !== before) event.preventDefault();
    });
  }
})();
