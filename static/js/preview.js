// Shows the text that is being written as the page it will be, and leads from each line of the report to its place.
"use strict";

(() => {
  const PAUSE = 700;
  const form = document.querySelector("form[data-preview]");
  const frame = document.querySelector("[data-preview-frame]");
  if (!form || !frame) return;
  const text = form.elements[form.dataset.previewText || "markdown"];
  const status = document.querySelector("[data-preview-status]");
  const findings = document.querySelector("[data-preview-findings]");
  let timer = 0;
  let running = null;
  let scrolled = 0;

  // Leaving and coming back makes the browser scroll to the selection.
  function select(from, to) {
    text.setSelectionRange(from, to);
    text.blur();
    text.focus();
  }

  function toLine(number, { marked = true, quote = "" } = {}) {
    const lines = text.value.split("\n");
    const line = lines[number - 1] || "";
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    if (marked) select(start, start + line.length);
    else toWords(start, line, quote);
  }

  // Of a line that a comment is about only the quoted words are marked: whoever types replaces no more than these. Where
  // other marks stand between them, or they are gone, nothing is marked.
  function toWords(start, line, quote) {
    const words = quote.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const between = "(?:[\\s*_`\\]\\[]|\\([^)]*\\)|\\[@[^\\]]*\\])+";
    const found = quote.trim() ? new RegExp(words.join(between)).exec(line) : null;
    const from = start + (found ? found.index : 0);
    select(from, found && found[0] === quote.trim() ? from + found[0].length : from);
  }

  // What is about the line stands right above the text meanwhile, so that both are in sight.
  function repeat(comment) {
    const said = comment.querySelector(".comment-words");
    if (!said) return;
    const note = document.querySelector("[data-comment-here]") || document.createElement("div");
    note.className = "note comment-here";
    note.dataset.commentHere = "";
    const name = document.createElement("strong");
    name.textContent = `Comment ${[...comment.parentElement.children].indexOf(comment) + 1}: `;
    const words = document.createElement("p");
    words.append(name, said.textContent);
    const back = document.createElement("a");
    back.href = `#${comment.id}`;
    back.textContent = "Back to the comments";
    const way = document.createElement("p");
    way.append(back);
    note.replaceChildren(words, way);
    text.before(note);
  }

  function lineButton(number, label = `Line ${number}`, { words = "", quote = "", comment = null } = {}) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.lineButton = number;
    button.addEventListener("click", () => {
      if (comment) repeat(comment);
      toLine(words ? lineOf(words, number) : number, { marked: !comment, quote });
      if (comment) document.querySelector("[data-comment-here]")?.scrollIntoView({ block: "start" });
    });
    return button;
  }

  // Lines move while somebody writes: the nearest one that still says the same.
  function lineOf(words, number) {
    const found = text.value.split("\n").flatMap((line, index) => (line === words ? [index + 1] : []));
    return found.sort((one, other) => Math.abs(one - number) - Math.abs(other - number))[0] || number;
  }

  function place({ line, entry, named }) {
    if (line) return [lineButton(line), ": "];
    if (!entry) return [];
    const link = document.createElement("a");
    link.href = `#entry-${entry}`;
    link.textContent = named;
    return [link, ": "];
  }

  function item(finding) {
    const made = document.createElement("li");
    made.append(...place(finding), finding.message);
    if (finding.yardstick) {
      const hint = document.createElement("span");
      hint.className = "hint";
      hint.textContent = finding.yardstick;
      made.append(" ", hint);
    }
    return made;
  }

  function showFindings(found) {
    const folded = new Map([...findings.children].map((box) => [box.dataset.level, !box.open]));
    const boxes = [...new Set(found.map(({ level }) => level))].map((level) => {
      const these = found.filter((finding) => finding.level === level);
      const box = document.createElement("details");
      const summary = document.createElement("summary");
      const list = document.createElement("ul");
      box.className = `problems problems-${level}`;
      box.dataset.level = level;
      box.open = folded.has(level) ? !folded.get(level) : level !== "I";
      summary.textContent = `${these[0].heading} (${these.length})`;
      list.append(...these.map(item));
      box.append(summary, list);
      return box;
    });
    findings.replaceChildren(...boxes);
  }

  // Whoever followed a comment's place here gets what its button gives.
  function open(number) {
    const about = document.querySelector(`li[id^=comment-] [data-line-button="${number}"]`);
    if (about) about.click();
    else toLine(number);
  }

  function say(message) {
    if (status.textContent !== message) status.textContent = message;
  }

  // A file is not part of what is previewed, and would be sent again with every pause.
  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async function refresh() {
    if (running) running.abort();
    running = new AbortController();
    try {
      const response = await fetch(form.dataset.preview, {
        method: "POST",
        body: typed(),
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const { html, findings: found } = await response.json();
      scrolled = frame.contentWindow ? frame.contentWindow.scrollY : 0;
      frame.srcdoc = html;
      showFindings(found);
      const toDo = found.filter(({ level }) => level !== "I").length;
      say(toDo ? `The preview shows your text. To put right: ${toDo}.` : "The preview shows your text.");
    } catch (error) {
      if (error.name !== "AbortError") {
        say("The preview could not be made. Your text is still here, and saving may still work.");
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

  status.textContent = "This is how patients will see the text. It follows what you type. Links do not work here.";
  frame.addEventListener("load", prepareFrame);
  prepareFrame();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });

  for (const place of document.querySelectorAll("[data-line]")) {
    const comment = place.closest("li[id^=comment-]");
    const { line, lineWords: words, quote } = place.dataset;
    place.replaceWith(lineButton(Number(line), place.textContent, { words, quote, comment }));
  }

  const wanted = Number(new URLSearchParams(location.search).get("line") || /^#line-(\d+)$/.exec(location.hash)?.[1]);
  if (wanted) open(wanted);
})();
