// The projector: shows the code of the window that is on, by the server's time, from the codes it was given ahead; asks
// for the next ones and for the tally every few seconds. When the network is lost it goes on with the codes it has, then
// shows none: a code that would be refused is never on the screen.
//   GET data-url?after=<last window known> → {"now": ms, "codes": [{window, path, size, typed}], "closed", "arrived",
//   "expected"}
"use strict";
(() => {
  const ASK_MS = 4000;
  const STALE_MS = 12000;
  const PATIENCE_MS = 8000;
  const page = document.querySelector("[data-screen]");
  if (!page) return;
  const seconds = Number(page.dataset.seconds);
  const one = (name) => page.querySelector(`[data-${name}]`);
  const each = (name) => page.querySelectorAll(`[data-${name}]`);
  const why = one("why");
  const codes = new Map();
  let ahead = 0; // by how much the server's clock is ahead of ours, in ms
  let heard = performance.now();
  let closed = "";
  let shown = 0;
  let isSignedOut = false;
  let isAsking = false;

  take(JSON.parse(page.dataset.state), 0);
  draw();
  setInterval(draw, 200);
  setInterval(ask, ASK_MS);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", ask);
  if (document.fullscreenEnabled) offerFullScreen(one("full"));
  if (navigator.wakeLock) keepAwake();

  async function ask() {
    if (isAsking || isSignedOut) return;
    isAsking = true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    const asked = performance.now();
    try {
      const last = Math.max(0, ...codes.keys());
      const answer = await fetch(`${page.dataset.url}?after=${last}`, {
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: stop.signal,
      });
      if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") isSignedOut = true;
      else if (answer.ok) take(await answer.json(), (performance.now() - asked) / 2);
    } catch {
      // no network: the codes that are known go on
    } finally {
      clearTimeout(timer);
      isAsking = false;
      draw();
    }
  }

  function take(state, travelled) {
    ahead = state.now + travelled - Date.now();
    heard = performance.now();
    closed = state.closed;
    if (closed) codes.clear();
    for (const code of state.codes) codes.set(code.window, code);
    for (const part of each("arrived")) part.textContent = state.arrived;
    for (const part of each("expected")) part.textContent = state.expected;
  }

  function draw() {
    const now = (Date.now() + ahead) / 1000;
    const window = Math.floor(now / seconds);
    for (const old of codes.keys()) if (old < window) codes.delete(old);
    const code = isSignedOut ? null : codes.get(window);
    one("scan").hidden = !code;
    one("shut").hidden = Boolean(code);
    one("stale").hidden = performance.now() - heard < STALE_MS;
    if (!code) {
      const words = isSignedOut ? why.dataset.signedOut : closed || why.dataset.lost;
      if (why.textContent !== words) why.textContent = words;
      shown = 0;
      return;
    }
    const left = seconds - Math.floor(now % seconds);
    one("left").textContent = one("left").dataset.words.replace("{count}", left);
    one("ring").setAttribute("stroke-dasharray", `${seconds - (now % seconds)} ${seconds}`);
    if (shown === window) return;
    shown = window;
    one("qr").setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
    one("qr").querySelector("path").setAttribute("d", code.path);
    one("typed").textContent = code.typed;
  }

  function offerFullScreen(button) {
    button.hidden = false;
    button.addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", () => (button.hidden = Boolean(document.fullscreenElement)));
  }

  function keepAwake() {
    const hold = () => document.hidden || navigator.wakeLock.request("screen").catch(() => undefined);
    document.addEventListener("visibilitychange", hold);
    hold();
  }
})();
