// Keeps a reviewer's answers and note while they are given, and says how many are answered and what they come to.
"use strict";

(() => {
  const form = document.querySelector("form[data-review]");
  if (!form) return;
  const { note, noted, place, quote, words } = form.elements;
  // Answers and note are kept as they are given; a comment is one when it is added.
  const PAUSE = 1500;
  const PAUSE_OF_A_CHOICE = 200;
  const kept = form.querySelector("[data-kept]");
  const scores = form.querySelector("[data-scores]");
  const answered = form.querySelector("[data-answered]");
  let timer = 0;
  let running = null;

  function stop() {
    clearTimeout(timer);
    if (running) running.abort();
  }

  async function keep() {
    running = new AbortController();
    const data = new FormData(form);
    data.delete("quote");
    data.delete("words");
    data.set("change", "autosave");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const answer = await response.json();
      kept.textContent = answer.kept;
      scores.replaceChildren(...answer.scores.map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        return item;
      }));
    } catch (error) {
      if (error.name === "AbortError") return;
      kept.textContent = "Your answers could not be kept just now. They are still here: press a button of the form.";
    }
  }

  form.addEventListener("input", (event) => {
    if ([form, place, quote, words].includes(event.target)) return;
    // From now on this window says what the note is, not one that was opened before.
    if (event.target === note) noted.disabled = true;
    const chosen = event.target.type === "radio";
    if (chosen) answered.textContent = form.querySelectorAll(".question input:checked").length;
    stop();
    timer = setTimeout(keep, chosen ? PAUSE_OF_A_CHOICE : PAUSE);
  });
  form.addEventListener("submit", stop);
})();
