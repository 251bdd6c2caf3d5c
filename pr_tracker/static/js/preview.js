// A form with data-preview-url shows what it would mean before it is saved: after a pause the fields (never the files)
// are posted there, and the answer, a piece of a page, takes the place of what stands in #preview (or the element that
// data-preview names). Make that element aria-live="polite".
"use strict";
(() => {
  const PAUSE_MS = 350;

  for (const form of document.querySelectorAll("form[data-preview-url]")) {
    const preview = document.getElementById(form.dataset.preview || "preview");
    let timer = 0;
    let request = null;
    let last = "";

    const ask = async () => {
      const fields = new FormData(form);
      for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
      if (request) request.abort();
      request = new AbortController();
      try {
        const options = { method: "POST", body: fields, signal: request.signal, redirect: "manual" };
        const answer = await fetch(form.dataset.previewUrl, options);
        if (!answer.ok) return;
        const html = await answer.text();
        if (html === last) return;
        last = html;
        const piece = document.createElement("template");
        piece.innerHTML = html;
        const whole = piece.content.getElementById(preview.id) || piece.content;
        preview.replaceChildren(...whole.childNodes);
      } catch (error) {
        if (error.name !== "AbortError") last = ""; // no network: ask again at the next change
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
  }
})();
