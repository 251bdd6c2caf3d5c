// An element with an id, data-refresh-url and data-refresh-seconds fetches itself anew. It changes only when something
// in it changed, not while somebody types or selects in it, not in a hidden tab; the focused row (by id) and the place
// on the screen stay.
"use strict";
(() => {
  for (const part of document.querySelectorAll("[data-refresh-url]")) {
    let timer = 0;

    const refresh = async () => {
      if (document.hidden || isBusy(part)) return;
      try {
        const answer = await fetch(part.dataset.refreshUrl, { redirect: "manual", headers: { Accept: "text/html" } });
        if (answer.type === "opaqueredirect") return clearInterval(timer); // the session has ended
        if (answer.ok) swap(part, await answer.text());
      } catch {
        // no network: the list stays as it is until the next turn
      }
    };
    timer = setInterval(refresh, 1000 * Number(part.dataset.refreshSeconds || 60));
    document.addEventListener("visibilitychange", refresh);
  }

  function isBusy(part) {
    const active = document.activeElement;
    const selection = document.getSelection();
    const isTyping = part.contains(active) && active.matches("input, textarea, select");
    const isSelecting = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
    return isTyping || isSelecting || document.querySelector("dialog[open]") !== null;
  }

  function swap(part, html) {
    const piece = document.createElement("div");
    piece.innerHTML = html;
    const fresh = piece.querySelector(`#${part.id}`) || piece;
    if (isBusy(part) || fresh.innerHTML.trim() === part.innerHTML.trim()) return;

    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && { row: focused.closest("[id]"), link: focused.getAttribute("href") };
    const anchor = (place && place.row) || firstInView(part);
    const before = anchor && { id: anchor.id, top: anchor.getBoundingClientRect().top };
    part.replaceChildren(...fresh.childNodes);

    const row = before && document.getElementById(before.id);
    if (row) scrollBy({ top: row.getBoundingClientRect().top - before.top, behavior: "instant" });
    if (place && place.row) {
      const again = document.getElementById(place.row.id);
      const same = again && [...again.querySelectorAll("a, button")];
      const target = same && (same.find((one) => one.getAttribute("href") === place.link) || same[0]);
      if (target) target.focus({ preventScroll: true });
    }
  }

  function firstInView(part) {
    return [...part.querySelectorAll("[id]")].find((one) => one.getBoundingClientRect().top >= 0);
  }
})();
