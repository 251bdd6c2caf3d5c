// Roll call: each mark waits on this device (rollcall_waiting.js) until the server has said that it is recorded, through
// lost network, a reload and an expired sign-in. components/rollcall.html writes what this reads.
//   POST <own>/marks {person, entries: [{row, mark, remark, version}]} → 200 {rows: {<row>: {mark, remark, version, saved,
//        said}}, time, counts}; 401 sign in again; 400 the token is old; 409 {message} closed, or another person
//   GET <own>/state?since= → {rows: {<row>: {mark, remark, version}}, counts, since, others, closed, person, token}
"use strict";
(() => {
  const AGAIN_MS = 4000;
  const PATIENCE_MS = 20000;
  const MOST = 500;
  const device = document.querySelector("[data-roll-device]");
  if (!device) return;
  const { own, person, personName, session } = device.dataset;
  const words = JSON.parse(device.dataset.marks);
  const waiting = RollWaiting(person, personName, session);
  const form = document.querySelector("form[data-rollcall]");
  const rows = new Map();
  for (const row of form ? form.querySelectorAll("[data-roll-row]") : []) rows.set(row.dataset.rollRow, row);
  const stand = new Map(); // by row: what the server is known to have
  let token = form ? form.elements.csrf_token.value : "";
  let since = "";
  let counts = null;
  let isSending = false;
  let trouble = null; // waiting, signed_out, other, closed
  let savedAt = null;

  begin();
  keepPage();

  function begin() {
    const known = waiting.known();
    for (const [id, row] of rows) {
      const printed = { mark: markOf(row), remark: remarkOf(row), version: Number(row.dataset.version) };
      const later = known.rows[id];
      stand.set(id, later && later.version > printed.version ? later : printed);
      draw(id);
    }
    if (navigator.onLine === false) {
      trouble = "waiting";
      count(known.counts);
    }
    show();
    readState().then(flush).then(showLeft);
    if (!form) return;
    form.addEventListener("change", (event) => {
      const row = event.target.closest("[data-roll-row]");
      if (row) enter(row.dataset.rollRow, { mark: markOf(row), remark: remarkOf(row) });
    });
    addEventListener("online", () => readState().then(flush));
    addEventListener("offline", () => stuck("waiting"));
    addEventListener("storage", (event) => draw((event.key || "").split(".").pop()));
    addEventListener("beforeunload", (event) => !waiting.isKept() && waiting.toSend().length && event.preventDefault());
    setInterval(() => waiting.toSend().length && flush(), AGAIN_MS);
    setInterval(() => document.hidden || readState(), 1000 * Number(device.dataset.seconds));
    document.querySelector("[data-roll-close]")?.addEventListener("click", closeWhenSent);
    document.querySelector("[data-roll-rest]")?.addEventListener("click", askForTheRest);
    document.querySelector("[data-roll-rest-go]")?.addEventListener("click", markTheRest);
    document.querySelector("[data-roll-contested]").addEventListener("click", goToContested);
  }

  function enter(id, meant) {
    const { code, name } = rows.get(id).dataset;
    waiting.enter(id, { code, name, ...meant, version: stand.get(id).version });
    draw(id);
    flush();
  }

  async function flush() {
    if (isSending || !form) return;
    isSending = true;
    if (trouble && trouble !== "waiting") await readState(); // only asks: what is sent before would spoil the sign-in
    let isFresh = false; // the token was just read again
    for (let entries = next(); entries.length && (!trouble || trouble === "waiting"); entries = next()) {
      waiting.trying(entries);
      show();
      const answer = await post(entries);
      if (answer === "again" && !isFresh) {
        isFresh = true;
        await readState();
      } else if (answer !== "settled") {
        stuck(answer === "again" ? "waiting" : answer);
        break;
      }
    }
    isSending = false;
    show();
    showLeft();
  }

  function next() {
    return waiting.toSend().filter((entry) => rows.has(entry.row)).slice(0, MOST);
  }

  // "settled", "again" with a new token, or what stands in the way.
  async function post(entries) {
    const sent = entries.map(({ row, mark, remark, version }) => ({ row: Number(row), mark, remark, version }));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
    const body = JSON.stringify({ person: Number(person), entries: sent });
    const answer = await ask(`${own}/marks`, { method: "POST", headers, body });
    if (!answer) return "waiting";
    if (answer.status === 401) return "signed_out";
    if (answer.status === 400) return "again";
    const said = await answer.json().catch(() => null);
    if (answer.status === 409 && said) return said.other ? "other" : "closed";
    if (!answer.ok || !said) return "waiting";
    trouble = null;
    savedAt = said.time;
    for (const [id, row] of Object.entries(said.rows)) {
      waiting.settle(id, row);
      learn(id, row);
    }
    count(said.counts);
    return "settled";
  }

  async function readState() {
    const answer = await ask(`${own}/state${since && `?since=${since}`}`, { headers: { Accept: "application/json" } });
    if (!answer || !answer.ok) return stuck(answer && answer.status === 401 ? "signed_out" : "waiting");
    const said = await answer.json().catch(() => null);
    if (!said) return stuck("waiting");
    if (String(said.person) !== person) return stuck("other");
    if (said.closed && form) return stuck("closed");
    ({ token, since } = said);
    trouble = null;
    for (const [id, row] of Object.entries(said.rows)) learn(id, row);
    count(said.counts);
    say("[data-roll-others]", said.others.length, { names: said.others.join(", ") });
    const people = Object.values(said.counts).reduce((sum, number) => sum + number, 0);
    for (const link of document.querySelectorAll("[data-roll-changed]")) link.hidden = people === rows.size;
    for (const id of rows.keys()) draw(id);
    show();
  }

  async function ask(url, options) {
    try {
      return await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
    } catch {
      return null; // no network, or none that answers
    }
  }

  function learn(id, { mark, remark, version }) {
    if (version >= (stand.get(id)?.version ?? 0)) stand.set(id, { mark, remark, version });
    const entry = waiting.get(id);
    if (entry && !entry.mark && mark) waiting.enter(id, { ...entry, mark }); // a remark on its own has met a mark
    draw(id);
  }

  function stuck(why) {
    trouble = why;
    for (const id of rows.keys()) draw(id);
    show();
  }

  function count(numbers) {
    if (!numbers) return;
    counts = numbers;
    for (const [mark, number] of Object.entries(counts)) {
      for (const place of document.querySelectorAll(`[data-count="${CSS.escape(mark)}"]`)) place.textContent = number;
    }
    if (rows.size) waiting.know({ rows: Object.fromEntries(stand), counts });
  }

  function draw(id) {
    const row = rows.get(id);
    if (!row) return;
    const entry = waiting.get(id);
    const meant = entry && { ...entry, ...entry.then };
    const shown = entry?.refused || (meant?.mark ? meant : { ...stand.get(id), ...(meant && { remark: meant.remark }) });
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === shown.mark;
    const remark = row.querySelector("[data-roll-remark]");
    if (remark && remark !== document.activeElement) remark.value = shown.remark || "";
    row.classList.toggle("is-waiting", Boolean(meant?.mark && !entry.refused));
    row.classList.toggle("is-contested", Boolean(entry?.refused));
    note(row, id, meant);
  }

  function note(row, id, meant) {
    const place = row.querySelector("[data-roll-note]");
    const isLate = meant?.mark && !meant.refused && trouble;
    const text = meant?.gone || meant?.refused?.said || (isLate ? device.dataset.unsent : "");
    if (place.dataset.said === text) return;
    place.dataset.said = text;
    place.textContent = text;
    if (!meant?.refused) return;
    const mine = words[meant.mark] + (meant.remark ? `, ${meant.remark}` : "");
    place.append(" ", fill(device.dataset.mine, { mark: mine }), " ");
    place.append(button(device.dataset.keep, row.dataset.name, () => leave(id)), " ");
    const again = { mark: meant.mark, remark: meant.remark };
    place.append(button(fill(device.dataset.insist, { mark: words[meant.mark] }), row.dataset.name, () => enter(id, again)));
  }

  function leave(id) {
    waiting.drop(id);
    draw(id);
    show();
    showLeft();
  }

  // Entries that no row of this page can take: the session was closed, or the person is no longer on the roll.
  async function showLeft() {
    const panel = document.querySelector("[data-roll-left]");
    const list = panel.querySelector("ul");
    list.replaceChildren();
    for (const entry of waiting.all()) {
      const meant = { ...entry, ...entry.then };
      const stands = stand.get(entry.row);
      if (!meant.mark || (rows.has(entry.row) && !entry.gone)) continue;
      if (stands && stands.mark === meant.mark && stands.remark === meant.remark) waiting.drop(entry.row);
      else list.append(leftItem(entry.row, meant));
    }
    for (const other of waiting.others()) list.append(item(fill(device.dataset.others, other)));
    panel.hidden = !list.children.length;
  }

  function leftItem(id, meant) {
    const time = new Date(meant.at).toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" });
    const one = item(fill(device.dataset.left, { ...meant, mark: words[meant.mark], time }));
    if (meant.gone) one.append(" ", meant.gone);
    if (!form) {
      const link = document.createElement("a");
      link.href = `${own}/marks/${id}/correct?${new URLSearchParams({ mark: meant.mark, remark: meant.remark })}`;
      link.textContent = device.dataset.correct;
      one.append(" ", link);
    }
    one.append(" ", button(device.dataset.drop, meant.name, () => leave(id)));
    return one;
  }

  function item(text) {
    const one = document.createElement("li");
    one.textContent = text;
    return one;
  }

  function button(label, name, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-quiet btn-sm";
    one.textContent = label;
    one.setAttribute("aria-label", `${label}: ${name}`);
    one.addEventListener("click", act);
    return one;
  }

  function show() {
    const left = waiting.toSend().length;
    let state = trouble;
    if (trouble === "waiting" && !left) state = "offline";
    if (!trouble) state = isSending && left ? "saving" : left === 0 && savedAt ? "saved" : null;
    for (const chip of document.querySelectorAll("[data-roll-state]")) {
      chip.hidden = chip.dataset.rollState !== state;
      const place = chip.querySelector("[data-roll-words]");
      const text = chip.hidden ? "" : fill(chip.dataset.words, { time: savedAt, count: left });
      if (place.textContent !== text) place.textContent = text;
    }
    const contested = waiting.all().filter((entry) => entry.refused && rows.has(entry.row)).length;
    say("[data-roll-contested]", contested, { count: contested });
  }

  function say(selector, isSaid, values) {
    for (const place of document.querySelectorAll(selector)) {
      place.hidden = !isSaid;
      (place.querySelector("[data-roll-words]") || place).textContent = isSaid ? fill(place.dataset.words, values) : "";
    }
  }

  function goToContested(event) {
    event.preventDefault();
    const row = form.querySelector("tr.is-contested");
    if (!row) return;
    row.hidden = false;
    row.scrollIntoView({ block: "center" });
    row.querySelector("[data-roll-note] button").focus({ preventScroll: true });
  }

  function closeWhenSent(event) {
    if (!waiting.toSend().length) return;
    event.preventDefault(); // closing would shut out what waits here
    flush().then(() => waiting.toSend().length || location.assign(event.target.href));
  }

  function theRest() {
    return [...rows].filter(([id, row]) => !row.hidden && !markOf(row) && !waiting.get(id)?.mark);
  }

  function askForTheRest(event) {
    event.preventDefault();
    const rest = theRest();
    const excused = rest.filter(([, row]) => row.dataset.apology).length;
    say("[data-roll-rest-words]", true, { count: rest.length, excused });
    document.querySelector("[data-roll-rest-go]").disabled = !rest.length;
    document.getElementById("roll-rest").showModal();
  }

  function markTheRest() {
    for (const [id, row] of theRest()) {
      const { code, name, apology } = row.dataset;
      const meant = apology ? { mark: "excused", remark: remarkOf(row) || apology } : { mark: "present", remark: remarkOf(row) };
      waiting.enter(id, { code, name, ...meant, version: stand.get(id).version });
      draw(id);
    }
    flush();
  }

  // Opens again without network: a service worker keeps the page (only where the address is https or this machine).
  async function keepPage() {
    if (!navigator.serviceWorker || !window.caches) return;
    const isKept = Boolean(navigator.serviceWorker.controller); // then the worker has kept this page as it came
    try {
      await navigator.serviceWorker.register(device.dataset.worker);
      await navigator.serviceWorker.ready;
      if (isKept) return;
      const cache = await caches.open(`rollcall-${new Date().toISOString().slice(0, 10)}`);
      const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (page.ok && !page.redirected) await cache.put(location.pathname, page);
      const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((part) => part.href || part.src);
      await cache.addAll(parts);
    } catch {
      // no network just now: the next opening keeps it
    }
  }

  function markOf(row) {
    return row.querySelector("input[type=radio]:checked")?.value || "";
  }

  function remarkOf(row) {
    return row.querySelector("[data-roll-remark]")?.value.trim() || "";
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
})();
