// Roll call: each mark is sent by itself and counts as saved only when the server has said so; what could not be sent is
// tried again. components/rollcall.html writes the form this reads.
//   POST row's data-url, X-CSRFToken: mark, remark, version → 200 {"version", "time", "counts"?}
//                                                    409 {"mark", "version", "message", "counts"?}: somebody was quicker
//   GET data-state-url (optional) → {"rows": {"<data-roll-row>": {"mark", "remark", "version"}}, "counts"?}
// Keys on the current row: the data-key of each mark; J and K move. The jump field takes a row's code or a name.
"use strict";
(() => {
  const AGAIN_MS = 4000;
  const form = document.querySelector("form[data-rollcall]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-roll-row]")];
  const jump = document.querySelector("[data-roll-jump]");
  const unsent = new Set();
  const sending = new Set();
  let cameByJump = false;

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-roll-row]");
    const isMark = event.target.type === "radio";
    if (!row || (!isMark && !(event.target.matches("[data-roll-remark]") && markOf(row)))) return;
    makeCurrent(row);
    unsent.add(row);
    send(row);
  });
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-roll-row]");
    if (row) makeCurrent(row);
  });
  document.addEventListener("keydown", pressed);
  if (jump) jump.addEventListener("keydown", (event) => event.key === "Enter" && jumpTo(event));
  addEventListener("online", sendAll);
  addEventListener("beforeunload", (event) => unsent.size && event.preventDefault());
  setInterval(sendAll, AGAIN_MS);
  if (form.dataset.stateUrl) setInterval(readOthers, 1000 * Number(form.dataset.stateSeconds || 15));
  for (const button of form.querySelectorAll("[data-roll-plain]")) button.hidden = true;

  function sendAll() {
    for (const row of unsent) send(row);
  }

  async function send(row) {
    if (sending.has(row)) return;
    sending.add(row);
    show("saving");
    const mark = markOf(row);
    const remark = remarkOf(row);
    const isSent = () => markOf(row) === mark && remarkOf(row) === remark;
    try {
      const fields = new URLSearchParams({ mark, remark, version: row.dataset.version });
      const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
      const answer = await fetch(row.dataset.url, { method: "POST", body: fields, headers, redirect: "manual" });
      if (answer.ok || answer.status === 409) settle(row, await answer.json(), isSent, answer.ok);
      else show("waiting");
    } catch {
      show("waiting");
    } finally {
      sending.delete(row);
    }
    if (unsent.has(row) && !isSent()) send(row); // changed again meanwhile
  }

  function settle(row, said, isSent, isSaved) {
    row.dataset.version = said.version;
    count(said.counts);
    row.querySelector("[data-roll-note]").textContent = isSaved ? "" : said.message;
    row.classList.toggle("is-contested", !isSaved);
    if (!isSaved) choose(row, said.mark);
    if (!isSaved || isSent()) unsent.delete(row);
    if (unsent.size === 0 && isSaved) show("saved", said.time);
    else if (unsent.size === 0) show(null);
  }

  async function readOthers() {
    if (document.hidden || unsent.size) return;
    try {
      const answer = await fetch(form.dataset.stateUrl, { redirect: "manual", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const said = await answer.json();
      for (const row of rows) {
        const other = said.rows[row.dataset.rollRow];
        if (!other || unsent.has(row) || String(other.version) === row.dataset.version) continue;
        row.dataset.version = other.version;
        choose(row, other.mark);
        const remark = row.querySelector("[data-roll-remark]");
        if (remark && remark !== document.activeElement) remark.value = other.remark || "";
      }
      count(said.counts);
    } catch {
      // no network: the next turn tries again
    }
  }

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.dataset.shortcuts === "off" || localStorage.getItem("shortcuts") === "off") return;
    if (event.target.closest("input:not([type=radio]), textarea, select, dialog[open]")) return;
    const key = event.key.toLowerCase();
    const current = rows.find((row) => row.classList.contains("is-now"));
    const radio = current && current.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (radio) {
      if (!radio.checked) radio.click();
      if (cameByJump) jump.focus();
      else moveBy(1);
      cameByJump = false;
    } else if (key === "j" || key === "k") {
      moveBy(key === "j" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
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

  function markOf(row) {
    const chosen = row.querySelector("input[type=radio]:checked");
    return chosen ? chosen.value : "";
  }

  function remarkOf(row) {
    const remark = row.querySelector("[data-roll-remark]");
    return remark ? remark.value.trim() : "";
  }

  function choose(row, mark) {
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === mark;
  }

  function count(counts) {
    for (const [mark, number] of Object.entries(counts || {})) {
      for (const place of document.querySelectorAll(`[data-count="${CSS.escape(mark)}"]`)) place.textContent = number;
    }
  }

  function show(state, time) {
    for (const chip of document.querySelectorAll("[data-roll-state]")) {
      chip.hidden = chip.dataset.rollState !== state;
      if (chip.hidden) continue;
      const values = { time, count: unsent.size };
      const words = chip.dataset.words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
      chip.querySelector("[data-roll-words]").textContent = words;
    }
  }

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
  }
})();
