// Asks the browser for a passkey, and sends what it answers with the form. Without a script, or where the browser knows no
// passkeys, the buttons are not shown and the words beside them say what to do instead.
"use strict";

(() => {
  const decoded = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const encoded = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const known = (list) => (list || []).map((one) => ({ ...one, id: decoded(one.id) }));

  async function create({ publicKey }) {
    return navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: decoded(publicKey.challenge),
        user: { ...publicKey.user, id: decoded(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials),
        // It stands for username and password too, so the device must know it by itself, and ask who is there.
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      },
    });
  }

  async function get({ publicKey }) {
    return navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: decoded(publicKey.challenge),
        allowCredentials: known(publicKey.allowCredentials),
      },
    });
  }

  function plain(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = encoded(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: encoded(credential.rawId),
      type: credential.type,
      response,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function asked(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || !navigator.credentials) continue;
    const button = form.querySelector("button");
    const problem = form.querySelector("[data-passkey-problem]");
    for (const part of form.querySelectorAll("[data-passkey-ready]")) part.hidden = false;
    for (const part of form.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      button.setAttribute("aria-disabled", "true");
      try {
        const options = await asked(form);
        const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
        form.elements.credential.value = JSON.stringify(plain(credential));
        form.submit();
      } catch {
        // The person turned it down, it took too long, or the device has none for this site: one way goes on for all.
        problem.hidden = false;
        problem.focus();
      } finally {
        button.removeAttribute("aria-disabled");
      }
    });
  }
})();
