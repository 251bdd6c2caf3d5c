// A text field that looks names up while one types, after the ARIA combobox pattern; components/combobox.html writes
// the attributes it reads. Without it the typed name is sent, and the server finds it.
"use strict";
(() => {
  const PAUSE_MS = 120;
  const SHORTEST = 2;

  for (const input of document.querySelectorAll("input[data-lookup]")) enhance(input);

  function enhance(input) {
    const list = document.createElement("ul");
    Object.assign(list, { className: "listbox", id: `${input.id}-list`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.found);
    const voice = document.createElement("span");
    voice.className = "visually-hidden";
    voice.setAttribute("role", "status");
    input.after(list, voice);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
      input.setAttribute(name, value);
    }
    const state = { input, list, voice, options: [], active: -1, timer: 0, request: null };
    close(state);
    input.addEventListener("input", () => typed(state));
    input.addEventListener("keydown", (event) => pressed(state, event));
    input.addEventListener("blur", () => close(state));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) pick(state, [...list.children].indexOf(item));
    });
  }

  function typed(state) {
    setTarget(state.input, "");
    clearTimeout(state.timer);
    if (state.input.value.trim().length < SHORTEST) close(state);
    else state.timer = setTimeout(() => lookUp(state), PAUSE_MS);
  }

  async function lookUp(state) {
    const { input } = state;
    const text = input.value.trim();
    const address = new URL(input.dataset.lookup, location.href);
    address.searchParams.set("q", text);
    const [parameter, name] = (input.dataset.within || "").split("=");
    const within = name && input.form.elements[name];
    if (within && within.value) address.searchParams.set(parameter, within.value);
    if (state.request) state.request.abort();
    state.request = new AbortController();
    try {
      const answer = await fetch(address, { signal: state.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok && document.activeElement === input) show(state, await answer.json(), text);
    } catch (error) {
      if (error.name !== "AbortError") close(state); // no network: the field still takes the typed name
    }
  }

  function show(state, found, text) {
    const { input, list, voice } = state;
    state.options = found.map((one) => ({ ...one, id: String(one.id) }));
    if (input.dataset.typed && !state.options.some((one) => fold(one.label) === fold(text))) {
      state.options.push({ typed: text, label: input.dataset.add.replace("{name}", text), detail: "" });
    }
    list.replaceChildren(...state.options.map((option, index) => drawn(option, `${list.id}-${index}`, text)));
    voice.textContent = found.length ? `${input.dataset.found}: ${found.length}` : input.dataset.none;
    if (state.options.length === 0) return close(state);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    return activate(state, 0);
  }

  function drawn(option, id, text) {
    const item = document.createElement("li");
    item.id = id;
    item.setAttribute("role", "option");
    const name = document.createElement("span");
    name.append(...(option.typed ? [option.label] : marked(option.label, text)));
    item.append(name);
    if (option.detail) {
      const detail = document.createElement("small");
      detail.textContent = option.detail;
      item.append(detail);
    }
    return item;
  }

  function marked(label, text) {
    const at = fold(label).indexOf(fold(text));
    if (at < 0) return [label];
    const mark = document.createElement("mark");
    const letters = [...label.normalize("NFC")];
    const end = at + fold(text).length;
    mark.textContent = letters.slice(at, end).join("");
    return [letters.slice(0, at).join(""), mark, letters.slice(end).join("")];
  }

  // One letter in, one letter out, so that places in the folded text are places in the label.
  function fold(text) {
    const plain = (letter) => letter.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/, "d").toLowerCase();
    return [...text.normalize("NFC")].map((letter) => plain(letter) || letter).join("");
  }

  function pressed(state, event) {
    const isOpen = !state.list.hidden;
    if (event.key === "ArrowDown" && !isOpen) {
      lookUp(state);
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const count = state.options.length;
      activate(state, (state.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (isOpen && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      pick(state, state.active);
    } else if (isOpen && event.key === "Escape") {
      close(state);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function activate(state, index) {
    state.active = index;
    [...state.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = state.list.children[index];
    state.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function pick(state, index) {
    const { input } = state;
    const option = state.options[index];
    close(state);
    if (input.dataset.many) {
      add(input, option);
      input.value = "";
    } else {
      input.value = option.label;
      setTarget(input, option.id);
    }
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(input, option) {
    const group = document.querySelector(`[data-chosen-for="${input.id}"]`);
    const [name, value] = option.typed ? [input.dataset.typed, option.typed] : [input.dataset.many, option.id];
    const there = [...group.querySelectorAll("input")].find((box) => box.name === name && box.value === value);
    if (there) {
      there.checked = true;
      return;
    }
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name, value, checked: true });
    label.append(box, option.typed || option.label);
    group.append(label);
  }

  function setTarget(input, id) {
    const target = input.dataset.target && input.form.elements[input.dataset.target];
    if (!target || target.value === id) return;
    target.value = id;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function close(state) {
    clearTimeout(state.timer);
    state.list.hidden = true;
    state.active = -1;
    state.input.setAttribute("aria-expanded", "false");
    state.input.removeAttribute("aria-activedescendant");
  }
})();
