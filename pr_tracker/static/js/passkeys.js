// Passkeys, for Flask-Security's two steps. The second step's page has
//   <form data-passkey="create" or "get" data-options="{{ credential_options }}" data-failed="…" data-unsupported="…">
// with the hidden input "credential" and an element [data-passkey-error] role="alert". The device is asked at once; the
// form's button asks it again.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const credential = form.elements.credential;

  form.addEventListener("submit", (event) => {
    if (credential.value) return;
    event.preventDefault();
    ask();
  });
  ask();

  async function ask() {
    if (!window.PublicKeyCredential) return say(form.dataset.unsupported);
    try {
      const options = decoded(JSON.parse(form.dataset.options));
      const answer = form.dataset.passkey === "create" ? await created(options) : await signed(options);
      credential.value = JSON.stringify(answer);
      return form.submit();
    } catch {
      return say(form.dataset.failed);
    }
  }

  function say(words) {
    form.querySelector("[data-passkey-error]").textContent = words;
  }

  async function created(options) {
    const made = await navigator.credentials.create({ publicKey: options });
    const transports = made.response.getTransports ? made.response.getTransports() : null;
    const response = {
      attestationObject: encode(made.response.attestationObject),
      clientDataJSON: encode(made.response.clientDataJSON),
      transports,
    };
    return { ...common(made), response, extensions: JSON.stringify(made.getClientExtensionResults()) };
  }

  async function signed(options) {
    const given = await navigator.credentials.get({ publicKey: options });
    const response = {
      authenticatorData: encode(given.response.authenticatorData),
      clientDataJSON: encode(given.response.clientDataJSON),
      signature: encode(given.response.signature),
      userHandle: given.response.userHandle ? encode(given.response.userHandle) : null,
    };
    return { ...common(given), response, assertionClientExtensions: JSON.stringify(given.getClientExtensionResults()) };
  }

  function common(one) {
    return { id: one.id, rawId: encode(one.rawId), type: one.type };
  }

  function decoded(options) {
    const known = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));
    const all = { ...options, challenge: decode(options.challenge) };
    if (options.user) all.user = { ...options.user, id: decode(options.user.id) };
    if (options.excludeCredentials) all.excludeCredentials = known(options.excludeCredentials);
    if (options.allowCredentials) all.allowCredentials = known(options.allowCredentials);
    return all;
  }

  function decode(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function encode(buffer) {
    const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
    return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
})();
