// Saves what is answered to a reviewer's comment at once, so that the page or guide that is being written stays as it is.
"use strict";

(() => {
  const failed = new Set();

  for (const words of document.querySelectorAll("[data-without-script]")) words.remove();

  function showState(form, state) {
    form.closest("li").querySelector("[data-reply-state]").textContent = state;
    const board = form.closest("[data-comments]");
    const states = [...board.querySelectorAll("[data-reply-state]")].map((one) => one.textContent);
    const open = states.filter((one) => one === "open").length;
    board.querySelector("[data-comments-open]").textContent = `${open} of ${states.length} still open`;
  }

  // Goes on by itself when the page is left meanwhile.
  function post(form) {
    return fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      keepalive: true,
    });
  }

  async function renewToken(form) {
    const response = await fetch(document.querySelector("form[data-keep]").dataset.keep);
    if (response.ok && !response.redirected) form.elements.csrfmiddlewaretoken.value = (await response.json()).token;
  }

  async function answer(form) {
    let response = await post(form);
    // Whoever signed in again in another window has another token.
    if (response.status === 403) {
      await renewToken(form);
      response = await post(form);
    }
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    return isJson ? { ok: response.ok, ...(await response.json()) } : null;
  }

  for (const form of document.querySelectorAll("form[data-reply]")) {
    const said = form.querySelector("[data-reply-said]");
    const { done, words, seen } = form.elements;
    const typed = () => `${done.checked} ${words.value}`;
    let saved = typed();
    let waiting = Promise.resolve();
    form.hidden = false;

    async function save() {
      const now = typed();
      if (now === saved) return;
      let result = null;
      try {
        result = await answer(form);
      } catch {
        // The site cannot be reached: said below.
      }
      if (result && result.ok) {
        saved = now;
        failed.delete(form);
        showState(form, result.state);
      } else {
        failed.add(form);
      }
      if (result) seen.value = result.seen;
      said.textContent = result
        ? result.said
        : "Not saved: the site cannot be reached, or you have been signed out. Your answer is still here.";
    }

    function saveInTurn() {
      waiting = waiting.then(save);
    }

    form.addEventListener("change", saveInTurn);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      saveInTurn();
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (failed.size) event.preventDefault();
  });
})();
