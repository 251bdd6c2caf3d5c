// A test on a phone: each answer is sent by itself and counts as saved only when the server has said so. What could not
// be sent waits in localStorage under the attempt's id: it survives a reload and is tried again.
//   POST form's action, X-CSRFToken: asked, q-<id> … → 200 {"time"}; 409 {"message"}: the time is over
// The time left is counted from data-seconds; when it has run out the form is handed in as it stands.
"use strict";
(() => {
  const AGAIN_MS = 5000;
  const TYPED_MS = 1500;
  const LONG_HOURS = 6; // before, the moment itself says more
  const form = document.querySelector("form[data-testing]");
  if (!form) return;
  const key = `test:${form.dataset.testing}`;
  const said = form.querySelector("[data-testing-said]");
  const left = form.querySelector("[data-testing-left]");
  const endsAt = performance.now() + 1000 * Number(form.dataset.seconds);
  const unsent = new Set();
  let isSending = false;
  let isOver = false;
  let typed = 0;

  recall();
  form.addEventListener("change", (event) => changed(event.target, 0));
  form.addEventListener("input", (event) => event.target.matches("textarea") && changed(event.target, TYPED_MS));
  form.addEventListener("submit", () => { isOver = true; });
  addEventListener("pageshow", () => { isOver = false; });
  addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  setInterval(tick, 1000);
  tick();

  function changed(control, wait) {
    const part = control.closest("[data-testing-question]");
    if (!part) return;
    unsent.add(part);
    remember();
    clearTimeout(typed);
    typed = setTimeout(send, wait);
  }

  function fieldsOf(parts) {
    const all = new FormData(form);
    const fields = new URLSearchParams();
    for (const part of parts) {
      const id = part.dataset.testingQuestion;
      fields.append("asked", all.getAll("asked").find((one) => one.startsWith(`${id}:`)));
      for (const value of all.getAll(`q-${id}`)) fields.append(`q-${id}`, value);
    }
    return fields;
  }

  async function send() {
    if (isSending || isOver || unsent.size === 0) return;
    isSending = true;
    const parts = [...unsent];
    const sent = new Map(parts.map((part) => [part, fieldsOf([part]).toString()]));
    say("saving");
    try {
      const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body: fieldsOf(parts), headers, redirect: "manual" });
      if (answer.ok) settle(sent, await answer.json());
      else if (answer.status === 409) location.reload(); // over: the page says what counts
      else if (answer.status === 400 && isFirstTime()) location.reload(); // the session was lost; what waits is kept
      else say("waiting");
    } catch {
      say("waiting");
    } finally {
      isSending = false;
    }
  }

  function isFirstTime() {
    const before = Number(sessionStorage.getItem(`${key}:again`) || 0);
    sessionStorage.setItem(`${key}:again`, String(before + 1));
    return before < 3;
  }

  function settle(sent, told) {
    for (const [part, fields] of sent) if (fieldsOf([part]).toString() === fields) unsent.delete(part);
    remember();
    if (unsent.size) send();
    else say("saved", told.time);
  }

  function say(state, time = "") {
    said.textContent = `${form.dataset[state]} ${time}`.trim();
    said.classList.toggle("is-waiting", state === "waiting");
  }

  function tick() {
    const seconds = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    const hours = Math.floor(seconds / 3600);
    const clock = [hours, Math.floor(seconds / 60) % 60, seconds % 60].slice(hours ? 0 : 1);
    const figures = clock.map((number) => String(number).padStart(2, "0")).join(":");
    if (hours < LONG_HOURS) left.textContent = seconds ? `${figures} ${form.dataset.left}` : form.dataset.over;
    left.classList.toggle("is-short", seconds < 120);
    if (seconds === 0 && !isOver && navigator.onLine) handIn();
  }

  function handIn() {
    isOver = true;
    const act = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: "hand_in" });
    form.append(act);
    form.submit();
  }

  function remember() {
    try {
      const kept = [...unsent].map((part) => [part.dataset.testingQuestion, fieldsOf([part]).getAll(`q-${part.dataset.testingQuestion}`)]);
      if (kept.length) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
    } catch {
      // no storage on this phone: what is on the page is still sent
    }
  }

  function recall() {
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      return;
    }
    for (const [id, values] of kept) {
      const part = form.querySelector(`[data-testing-question="${CSS.escape(id)}"]`);
      if (!part) continue;
      for (const control of part.querySelectorAll("input, textarea")) {
        if (control.matches("textarea")) control.value = values[0] || "";
        else control.checked = values.includes(control.value);
      }
      unsent.add(part);
    }
    if (unsent.size) send();
  }
})();
