// Ties a comment to the words that a reviewer marks in the text, and keeps answers and note while somebody reads.
"use strict";

(() => {
  const form = document.querySelector("form[data-review]");
  const box = document.querySelector("[data-mark]");
  const frame = document.querySelector(".review-text iframe");
  if (!form || !box || !frame) return;
  const { note, noted, place, quote, words } = form.elements;
  const status = box.querySelector("[role=status]");
  const LONGEST = 500;
  const BLOCKS = "h2, h3, h4, p, li, dt, dd, tr, figcaption";

  // Every place of the list by the ids under which it stands in the text.
  const places = new Map();
  for (const option of place.options) {
    for (const anchor of (option.dataset.anchors || "").split(" ").filter(Boolean)) places.set(anchor, option.value);
  }

  let blocks = [];
  let last = null;

  // An entry that holds the words, or else the heading that stands before them.
  function placeOf(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    for (let at = element; at; at = at.parentElement) {
      if (places.has(at.id)) return places.get(at.id);
    }
    const chapter = element.closest("section.chapter");
    if (!chapter) return "";
    const before = [...chapter.querySelectorAll(":is(h2, h3, h4)[id]")].filter(
      (one) => places.has(one.id) && one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    return before.length ? places.get(before[before.length - 1].id) : "";
  }

  // What somebody reads of a copied part, without the numbers of its sources and the blanks before them.
  function wordsOf(copy) {
    for (const one of copy.querySelectorAll("sup.reference")) {
      const before = one.previousSibling;
      if (before && before.nodeType === Node.TEXT_NODE) before.data = before.data.trimEnd();
      one.remove();
    }
    for (const one of copy.querySelectorAll(".visually-hidden")) one.remove();
    for (const one of copy.querySelectorAll(`${BLOCKS}, td, th, br`)) one.after(" ");
    return copy.textContent;
  }

  // The words that are marked, or else the paragraph on which the reader stood last.
  function marked() {
    const selection = frame.contentDocument.getSelection();
    const range = selection && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const text = range ? wordsOf(range.cloneContents()) : "";
    if (text.trim()) return [range.startContainer, text];
    return last ? [last, wordsOf(last.cloneNode(true))] : null;
  }

  function comment() {
    const found = marked();
    if (!found) {
      status.textContent = "Mark some words in the text first, or go to a paragraph of it.";
      return;
    }
    const text = found[1].replace(/\s+/g, " ").trim();
    place.value = placeOf(found[0]);
    quote.value = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
    status.textContent = `Place: ${place.selectedOptions[0].textContent.trim()}.`;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  }

  function standOn(block) {
    if (last) last.tabIndex = -1;
    last = block;
    block.tabIndex = 0;
    block.focus();
  }

  // The text is one stop of the Tab key; inside it the arrow keys lead on. Its links lead nowhere.
  function prepare() {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    last = null;
    for (const one of page.querySelectorAll("a, summary, [tabindex]")) one.tabIndex = -1;
    blocks = [...page.querySelectorAll(".chapter")].flatMap((chapter) => [...chapter.querySelectorAll(BLOCKS)]);
    blocks = blocks.filter((one) => !blocks.some((other) => other !== one && one.contains(other) && !one.matches("tr")));
    blocks = blocks.filter((one) => !one.parentElement.closest("tr"));
    for (const one of blocks) one.tabIndex = -1;
    if (blocks.length) blocks[0].tabIndex = 0;
    page.addEventListener("click", (event) => {
      if (event.target.closest("a[href]")) event.preventDefault();
      const block = event.target.closest(BLOCKS);
      if (block && blocks.includes(block)) last = block;
    });
    page.addEventListener("focusin", (event) => {
      if (blocks.includes(event.target)) last = event.target;
    });
    page.addEventListener("keydown", (event) => {
      const at = blocks.indexOf(page.activeElement);
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: blocks.length - 1 }[event.key];
      if (event.key === "Enter") comment();
      else if (to === undefined) return;
      else if (blocks[to]) standOn(blocks[to]);
      event.preventDefault();
    });
  }

  box.hidden = false;
  box.querySelector("button").addEventListener("click", comment);
  frame.addEventListener("load", prepare);
  prepare();

  // Answers and note are kept as they are given; a comment is one when it is added.
  const PAUSE = 1500;
  const kept = form.querySelector("[data-kept]");
  const scores = form.querySelector("[data-scores]");
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
    stop();
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", stop);
})();
