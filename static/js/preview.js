// Shows the text that is being written as the page it will be, and leads from each problem to its line.
"use strict";

(() => {
  const PAUSE = 700;
  const form = document.querySelector("form[data-preview]");
  const frame = document.querySelector("[data-preview-frame]");
  if (!form || !frame) return;
  const text = form.elements.markdown;
  const status = document.querySelector("[data-preview-status]");
  const problems = document.querySelector("[data-preview-problems]");
  let timer = 0;
  let running = null;
  let scrolled = 0;

  function toLine(number) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    text.setSelectionRange(start, start + (lines[number - 1] || "").length);
    // Leaving and coming back makes the browser scroll to the selection.
    text.blur();
    text.focus();
  }

  function lineButton(number) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Line ${number}`;
    button.addEventListener("click", () => toLine(number));
    return button;
  }

  function showProblems(found) {
    problems.replaceChildren();
    if (!found.length) return;
    const box = document.createElement("div");
    box.className = "problems";
    const heading = document.createElement("h3");
    heading.textContent = `To put right before you submit (${found.length})`;
    const list = document.createElement("ul");
    for (const { line, message } of found) {
      const item = document.createElement("li");
      item.append(lineButton(line), `: ${message}`);
      list.append(item);
    }
    box.append(heading, list);
    problems.append(box);
  }

  async function refresh() {
    if (running) running.abort();
    running = new AbortController();
    try {
      const response = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const { html, problems: found } = await response.json();
      scrolled = frame.contentWindow ? frame.contentWindow.scrollY : 0;
      frame.srcdoc = html;
      showProblems(found);
      status.textContent = found.length
        ? `The preview shows your text. To put right: ${found.length}.`
        : "The preview shows your text.";
    } catch (error) {
      if (error.name !== "AbortError") {
        status.textContent = "The preview could not be made. Your text is still here, and saving may still work.";
      }
    }
  }

  // A page may not be shown in a frame, so links lead nowhere, except those within the page.
  function prepareFrame() {
    const page = frame.contentDocument;
    if (!page) return;
    frame.contentWindow.scrollTo(0, scrolled);
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link) return;
      event.preventDefault();
      const place = (link.getAttribute("href") || "").split("#")[1];
      const target = place && page.getElementById(decodeURIComponent(place));
      if (target) target.scrollIntoView();
    });
  }

  frame.addEventListener("load", prepareFrame);
  prepareFrame();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });

  for (const item of problems.querySelectorAll("[data-line]")) {
    item.querySelector(".line-number").replaceWith(lineButton(Number(item.dataset.line)));
  }

  const wanted = /^#line-(\d+)$/.exec(location.hash);
  if (wanted) toLine(Number(wanted[1]));
})();
