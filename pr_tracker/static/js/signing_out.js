// Signing out throws away the roll-call pages kept on this device (rollcall_worker.js): they name people. Marks that wait
// for the network stay, for whoever entered them.
"use strict";
document.addEventListener("submit", async (event) => {
  if (!window.caches || !event.target.matches("form[data-signing-out]")) return;
  event.preventDefault();
  try {
    for (const name of await caches.keys()) if (name.startsWith("rollcall-")) await caches.delete(name);
  } finally {
    event.target.submit();
  }
});
