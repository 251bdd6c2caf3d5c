// An element with data-progress-url, which has a <progress> and words with data-progress-words, asks how far the work
// has come, and shows the page anew when it is done. Without network it goes on asking.
"use strict";
(() => {
  const part = document.querySelector("[data-progress-url]");
  if (!part) return;
  const bar = part.querySelector("progress");
  const words = part.querySelector("[data-progress-words]");

  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.progressUrl, { redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.ok) {
        const state = await answer.json();
        if (state.finished) return location.reload();
        bar.max = state.of;
        bar.value = state.steps;
        if (words.textContent !== state.words) words.textContent = state.words;
      }
    } catch {
      // no network: the bar stays as it is until the next turn
    }
    setTimeout(ask, 1500);
  };
  setTimeout(ask, 700);
})();
