// Keys: / search, N log, J and K rows, ? the list of keys, Ctrl+Enter saves. Single letters act only outside fields and
// can be switched off, for this device ([data-shortcuts-switch]) or for the person (data-shortcuts="off" on body).
"use strict";
(() => {
  const STORE = "shortcuts";
  const ROWS = ".q-title a, a[data-row]";

  const actions = {
    "/": focusSearch,
    n: () => press('[data-key="n"]') || follow(document.body.dataset.log),
    j: () => step(1),
    k: () => step(-1),
    "?": () => press('[data-opens="shortcuts"]'),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      save(event);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && isOn() && !isTyping(event.target)) {
      const act = actions[event.key.toLowerCase()];
      if (act && act()) event.preventDefault();
    }
  });

  for (const box of document.querySelectorAll("[data-shortcuts-switch]")) {
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  }

  function isOn() {
    return document.body.dataset.shortcuts !== "off" && localStorage.getItem(STORE) !== "off";
  }

  function isTyping(target) {
    return target.isContentEditable || target.closest("input, textarea, select, dialog[open]") !== null;
  }

  function save(event) {
    const form = event.target.closest("form");
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.btn-primary:not([type='button'])") || undefined);
  }

  function press(selector) {
    const control = document.querySelector(selector);
    if (control) control.click();
    return control !== null;
  }

  function follow(address) {
    if (address) location.assign(address);
    return Boolean(address);
  }

  function focusSearch() {
    const fields = [...document.querySelectorAll(".mast-search input")];
    let field = fields.find((one) => one.checkVisibility());
    if (!field && fields.length) {
      field = fields[fields.length - 1];
      field.closest("details").open = true;
    }
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  function step(by) {
    const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
    const at = rows.findIndex((row) => row === document.activeElement);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
    if (next) next.focus();
    return Boolean(next);
  }
})();
