// Hands on the roll call: keys, the jump field, the filter. It only clicks and shows; rollcall.js records.
// Keys on the current row: the data-key of each mark, G for the remark; J and K move; Enter in a remark goes on to the
// next row. The jump field takes a row's code or a name and shows the row even when the filter hides it.
"use strict";
(() => {
  const form = document.querySelector("form[data-rollcall]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-roll-row]")];
  const jump = document.querySelector("[data-roll-jump]");
  const filter = document.querySelector("form[data-roll-filter]");
  let cameByJump = false;

  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-roll-row]");
    if (row) makeCurrent(row);
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-roll-row]");
    if (row) makeCurrent(row);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-roll-remark]")) return;
    event.preventDefault(); // it would send the whole form
    moveBy(1);
  });
  document.addEventListener("keydown", pressed);
  if (jump) jump.addEventListener("keydown", (event) => event.key === "Enter" && jumpTo(event));
  if (filter) {
    filter.addEventListener("change", narrow);
    filter.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const button of document.querySelectorAll("[data-roll-plain]")) button.hidden = true;

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.dataset.shortcuts === "off" || localStorage.getItem("shortcuts") === "off") return;
    if (event.target.closest("input:not([type=radio]), textarea, select, dialog[open]")) return;
    const key = event.key.toLowerCase();
    const current = rows.find((row) => row.classList.contains("is-now"));
    const radio = current && current.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (radio) mark(radio);
    else if (key === "j" || key === "k") moveBy(key === "j" ? 1 : -1);
    else if (key === "g" && current) current.querySelector("[data-roll-remark]")?.focus();
    else return;
    event.preventDefault();
  }

  function mark(radio) {
    if (!radio.checked) radio.click();
    if (cameByJump) jump.focus();
    else moveBy(1);
    cameByJump = false;
  }

  function moveBy(step) {
    const shown = rows.filter((row) => row.checkVisibility());
    const at = shown.findIndex((row) => row.classList.contains("is-now"));
    const next = shown[at < 0 ? 0 : at + step];
    if (next) focusOn(next);
  }

  function jumpTo(event) {
    event.preventDefault();
    const typed = fold(jump.value);
    if (!typed) return;
    const row =
      rows.find((one) => fold(one.dataset.code) === typed) || rows.find((one) => fold(one.dataset.name).includes(typed));
    jump.setAttribute("aria-invalid", String(!row));
    if (!row) return;
    jump.value = "";
    cameByJump = true;
    row.hidden = false;
    focusOn(row);
  }

  function focusOn(row) {
    makeCurrent(row);
    (row.querySelector("input[type=radio]:checked") || row.querySelector("input[type=radio]")).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function makeCurrent(row) {
    for (const one of rows) one.classList.toggle("is-now", one === row);
  }

  function narrow() {
    const venue = filter.elements.venue?.value || "";
    const isUnmarked = filter.elements.show.checked;
    for (const row of rows) {
      const isMarked = Boolean(row.querySelector("input[type=radio]:checked"));
      row.hidden = Boolean((venue && row.dataset.venue !== venue) || (isUnmarked && isMarked));
    }
    const shown = document.querySelector("[data-roll-shown]");
    if (shown) shown.textContent = rows.filter((row) => !row.hidden).length;
  }

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
  }
})();
