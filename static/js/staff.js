// Keeps what staff type: asks before a page with unsaved text is left, and sends no form after the sign-in has run out.
"use strict";

(() => {
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  const changed = new Set();
  let leaving = false;

  function say(form, message, signIn) {
    let box = form.querySelector(".not-sent");
    if (!box) {
      box = document.createElement("div");
      box.className = "not-sent note";
      box.setAttribute("role", "alert");
      form.append(box);
    }
    box.textContent = `${message} `;
    if (signIn) {
      const link = document.createElement("a");
      link.href = "/admin/";
      link.target = "_blank";
      link.textContent = "Sign in (opens in a new window)";
      box.append(link);
    }
  }

  // Returns the token that the form needs now, or null when nobody is signed in.
  async function currentToken(form) {
    // Somebody who is not signed in is sent on to the sign-in page.
    const response = await fetch(form.dataset.keep);
    return response.ok && !response.redirected ? (await response.json()).token : null;
  }

  for (const form of document.querySelectorAll("form[data-keep]")) {
    // A form that came back unsaved holds text that is nowhere else.
    if ("unsaved" in form.dataset) changed.add(form);
    let checked = false;
    let sending = false;

    form.addEventListener("input", () => changed.add(form));
    window.addEventListener("pageshow", () => { sending = false; });

    form.addEventListener("submit", async (event) => {
      if (checked) {
        checked = false;
        return;
      }
      event.preventDefault();
      // A double click sends once.
      if (sending) return;
      sending = true;
      const button = event.submitter;
      try {
        const token = await currentToken(form);
        if (token === null) {
          sending = false;
          say(form, "You have been signed out, so nothing was sent. Your text is still here. Sign in, come back, and press the button again.", true);
          return;
        }
        form.elements.csrfmiddlewaretoken.value = token;
      } catch {
        sending = false;
        say(form, "The site cannot be reached, so nothing was sent. Your text is still here. Try again in a minute.", false);
        return;
      }
      checked = true;
      leaving = sending = !(button && button.formTarget === "_blank");
      form.requestSubmit(button);
    });
  }

  // The button for saving stands far behind a long page for whoever uses the keyboard.
  document.addEventListener("keydown", (event) => {
    const save = document.querySelector('form[data-keep] [aria-keyshortcuts="Control+S"]');
    if (!save || event.key.toLowerCase() !== "s" || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!event.repeat) save.click();
  });

  for (const link of document.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", () => { leaving = true; });
  }

  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed.size && !leaving) event.preventDefault();
  });
})();
