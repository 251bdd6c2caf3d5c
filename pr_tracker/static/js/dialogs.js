// Dialogs and menus. [data-opens="id"] opens a <dialog>, [data-closes] inside it closes it; the browser keeps the focus
// inside and brings it back. A <details data-menu> closes on Escape and on a click elsewhere.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      closeMenus(null);
      dialog.showModal();
    } else if (event.target.closest("[data-closes]")) {
      event.target.closest("dialog").close();
    }
    closeMenus(event.target);
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
})();
