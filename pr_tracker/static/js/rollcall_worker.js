// The service worker beside the roll calls: a page that was opened before opens again without network, or when the
// network does not answer in time; the entries that wait on the device are the page's own affair (rollcall_waiting.js).
// Pages lie in one cache per day, "rollcall-2026-11-25"; older days are thrown away, and everything at signing out.
"use strict";
const PATIENCE_MS = 6000;
const PREFIX = "rollcall-";
const IS_ROLL = /^\d+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const place = url.pathname.slice(new URL(self.registration.scope).pathname.length);
  if (request.mode === "navigate" && IS_ROLL.test(place)) event.respondWith(page(request, url.pathname));
  else if (request.mode !== "navigate" && url.searchParams.has("v")) event.respondWith(part(request));
});

async function page(request, path) {
  const kept = await find(path);
  const asked = fetch(request).then((answer) => keep(path, answer));
  try {
    const answer = await (kept ? Promise.race([asked, late()]) : asked);
    return answer.status >= 500 && kept ? kept : answer;
  } catch {
    asked.catch(() => {}); // it lost the race or failed: the kept page answers
    return kept || Response.error();
  }
}

async function part(request) {
  return (await find(request.url)) || fetch(request).then((answer) => keep(request.url, answer));
}

async function find(key) {
  for (const name of await days()) {
    const found = await (await caches.open(name)).match(key);
    if (found) return found;
  }
  return undefined;
}

async function keep(key, answer) {
  if (answer.status !== 200 || answer.redirected) return answer;
  const today = PREFIX + new Date().toISOString().slice(0, 10);
  for (const name of await days()) if (name !== today) await caches.delete(name);
  await (await caches.open(today)).put(key, answer.clone());
  return answer;
}

async function days() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort().reverse();
}

function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
}
