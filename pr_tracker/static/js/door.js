// The desk by the door: sends each code without loading the page anew and says what the server wrote down, and only then.
// What could not be sent waits on this device, in its order, also through a reload, and is sent again by itself. Reads the
// personal QR with the camera where the browser can (BarcodeDetector).
//   POST the form's action: code, over?, admit? → 200 or 409 {"words", "who", "new", "offer": {field, value, words}?,
//   "arrived", "expected"}
"use strict";
(() => {
  const AGAIN_MS = 4000;
  const PATIENCE_MS = 10000;
  const SAME_CODE_MS = 5000;
  const MOST_SHOWN = 30;
  const door = document.querySelector("[data-door]");
  if (!door) return;
  const form = door.querySelector("form");
  const field = form.elements.code;
  const log = door.querySelector("[data-door-log]");
  const store = `door:${form.getAttribute("action")}`;
  const queue = read();
  let isSending = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) enter({ code: field.value.trim() });
    field.value = "";
    field.focus();
  });
  for (const waiting of queue) waiting.line = line("wait", words("waiting", waiting.fields.code));
  setInterval(sendAll, AGAIN_MS);
  addEventListener("online", sendAll);
  offerCamera();
  sendAll();

  function enter(fields) {
    queue.push({ fields, line: line("wait", words("sending", fields.code)) });
    keep();
    sendAll();
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    try {
      while (queue.length && (await send(queue[0]))) {
        queue.shift();
        keep();
      }
    } finally {
      isSending = false;
    }
  }

  async function send(waiting) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        body: new URLSearchParams(waiting.fields),
        headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
        redirect: "manual",
        signal: stop.signal,
      });
      if (answer.ok || answer.status === 409) return settle(waiting, await answer.json(), answer.ok);
      const isOver = [400, 401].includes(answer.status) || answer.type === "opaqueredirect";
      say(waiting, isOver ? "signed-out" : "failed");
      return !isOver && answer.status < 500; // nothing of what waits is thrown away while the server may still take it
    } catch {
      say(waiting, "waiting");
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  function settle(waiting, said, isYes) {
    const fresh = line(isYes ? "yes" : "no", said.words, said.who, waiting.line);
    if (!isYes) offerMore(fresh, said, waiting.fields);
    if (said.arrived === undefined) return true;
    document.querySelector("[data-door-arrived]").textContent = said.arrived;
    document.querySelector("[data-door-expected]").textContent = said.expected;
    if (navigator.vibrate) navigator.vibrate(isYes ? 60 : [80, 60, 80]);
    return true;
  }

  function offerMore(item, said, fields) {
    const place = item.querySelector("div");
    if (said.offer) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-sm";
      button.textContent = said.offer.words;
      button.addEventListener("click", () => {
        button.remove();
        enter({ ...fields, [said.offer.field]: said.offer.value });
        field.focus();
      });
      place.append(button);
    } else if (!said.who && said.arrived !== undefined) {
      const link = document.createElement("a");
      link.className = "btn btn-quiet btn-sm";
      link.href = door.dataset.walkIn;
      link.textContent = log.dataset.walkInWords;
      place.append(link);
    }
  }

  function say(waiting, kind) {
    waiting.line = line("wait", words(kind, waiting.fields.code), "", waiting.line);
  }

  function words(kind, code) {
    const name = `words${kind.replace(/(^|-)([a-z])/g, (_all, _dash, letter) => letter.toUpperCase())}`;
    return log.dataset[name].replace("{code}", code.split("/").pop());
  }

  function line(kind, text, detail = "", instead = null) {
    const item = door.querySelector(`[data-door-${kind}]`).content.firstElementChild.cloneNode(true);
    item.querySelector("b").textContent = text;
    item.querySelector("p").textContent = detail;
    if (instead && instead.isConnected) instead.replaceWith(item);
    else log.prepend(item);
    while (log.children.length > Math.max(MOST_SHOWN, queue.length + 1)) log.lastElementChild.remove();
    return item;
  }

  function keep() {
    try {
      localStorage.setItem(store, JSON.stringify(queue.map((waiting) => waiting.fields)));
    } catch {
      // private mode: it waits in this page only
    }
  }

  function read() {
    try {
      return (JSON.parse(localStorage.getItem(store)) || []).map((fields) => ({ fields }));
    } catch {
      return [];
    }
  }

  async function offerCamera() {
    const button = door.querySelector("[data-door-camera]");
    const kinds = window.BarcodeDetector ? await window.BarcodeDetector.getSupportedFormats() : [];
    if (!kinds.includes("qr_code") || !navigator.mediaDevices) return;
    const start = button.querySelector("span").textContent;
    const video = door.querySelector("[data-door-video]");
    button.hidden = false;
    door.querySelector("[data-door-hint]").hidden = true;
    button.addEventListener("click", async () => {
      const isOn = video.srcObject !== null;
      if (isOn) stopCamera(video);
      else await startCamera(video);
      button.querySelector("span").textContent = video.srcObject ? button.dataset.stop : start;
    });
  }

  async function startCamera(video) {
    const trouble = door.querySelector("[data-door-trouble]");
    trouble.hidden = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      look(video, new window.BarcodeDetector({ formats: ["qr_code"] }), { code: "", at: 0 });
    } catch {
      stopCamera(video);
      trouble.textContent = trouble.dataset.denied;
      trouble.hidden = false;
    }
  }

  function stopCamera(video) {
    if (video.srcObject) for (const track of video.srcObject.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  }

  async function look(video, detector, last) {
    if (!video.srcObject) return;
    const found = await detector.detect(video).catch(() => []);
    const code = found.length ? found[0].rawValue : "";
    if (code && (code !== last.code || performance.now() - last.at > SAME_CODE_MS)) {
      last = { code, at: performance.now() };
      enter({ code });
    }
    setTimeout(() => look(video, detector, last), 250);
  }
})();
