// Leads a reviewer from change to change in the text, and ties a comment to the words that they mark there.
"use strict";

(() => {
  const form = document.querySelector("form[data-review]");
  const box = document.querySelector("[data-mark]");
  const frame = document.querySelector(".review-text iframe");
  if (!form || !box || !frame) return;
  const { place, quote, words } = form.elements;
  const status = box.querySelector("[role=status]");
  const LONGEST = 500;
  const BLOCKS = "h2, h3, h4, p, li, dt, dd, tr, figcaption";

  // Every place of the list by the ids under which it stands in the text.
  const places = new Map();
  for (const option of place.options) {
    for (const anchor of (option.dataset.anchors || "").split(" ").filter(Boolean)) places.set(anchor, option.value);
  }

  for (const words of document.querySelectorAll("[data-without-script]")) words.remove();

  let blocks = [];
  let last = null;
  // The blocks that patients do not read like this now; those that follow each other are one change.
  let changed = [];
  let changes = [];
  let current = -1;

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
    if (found) commentOn(placeOf(found[0]), found[1]);
    else status.textContent = "Mark some words in the text first, or go to a paragraph of it.";
  }

  function commentOn(value, quoted) {
    const text = tidy(quoted);
    place.value = value;
    quote.value = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
    status.textContent = `Place: ${place.selectedOptions[0].textContent.trim()}.`;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  }

  function tidy(text) {
    return text.replace(/\s+/g, " ").trim();
  }

  function blocksOf(page) {
    const all = [...page.querySelectorAll(".chapter")].flatMap((chapter) => [...chapter.querySelectorAll(BLOCKS)]);
    const smallest = all.filter((one) => one.matches("tr") || !all.some((other) => other !== one && one.contains(other)));
    return smallest.filter((one) => !one.parentElement.closest("tr"));
  }

  function chapterOf(block) {
    return block.closest(".chapter").getAttribute("aria-labelledby");
  }

  // Only inside the frame: the screen around it stays where it is.
  function scrollTo(element) {
    const view = frame.contentWindow;
    view.scrollTo({ top: view.scrollY + element.getBoundingClientRect().top - 60, behavior: "instant" });
  }

  // Both texts are the page as patients read it, so a block is new where the other has none with the same words.
  async function markChanges() {
    if (!box.dataset.before) return;
    const response = await fetch(box.dataset.before);
    if (!response.ok || response.redirected) return;
    const before = new DOMParser().parseFromString(await response.text(), "text/html");
    const known = new Set(blocksOf(before).map((block) => `${chapterOf(block)} ${tidy(wordsOf(block))}`));
    changed = blocks.filter((block) => !known.has(`${chapterOf(block)} ${tidy(wordsOf(block))}`));
    changes = changed.filter((block) => {
      const previous = blocks[blocks.indexOf(block) - 1];
      return !changed.includes(previous) || chapterOf(previous) !== chapterOf(block);
    });
    for (const block of changed) {
      const edge = block.matches("tr") ? block.cells[0] : block;
      edge.style.borderInlineStart = "6px solid #b35900";
      edge.style.paddingInlineStart = "0.5rem";
      block.style.backgroundColor = "#fff3d6";
      block.style.color = "#1a1a1a";
      block.setAttribute("aria-description", "changed");
    }
    box.querySelector("[data-changes]").hidden = changes.length === 0;
    if (changes.length) goTo(0);
  }

  function goTo(index) {
    current = (index + changes.length) % changes.length;
    const block = changes[current];
    stopAt(block);
    scrollTo(block);
    const title = frame.contentDocument.getElementById(chapterOf(block)).textContent.trim();
    status.textContent = `Change ${current + 1} of ${changes.length}: ${title}.`;
  }

  // The first changed words at a place: in the entry, or else on the page.
  function commentOnChange(value) {
    const anchors = [...places].filter((one) => one[1] === value).map((one) => one[0]);
    const within = (block) => anchors.some((id) => chapterOf(block) === id || block.closest(`#${CSS.escape(id)}`));
    const block = changed.find(within);
    if (!block) {
      commentOn(value, "");
      return;
    }
    scrollTo(block);
    commentOn(value.includes("#") ? value : placeOf(block), wordsOf(block));
  }

  // The one block that the Tab key leads to.
  function stopAt(block) {
    for (const one of blocks) one.tabIndex = -1;
    block.tabIndex = 0;
    last = block;
  }

  function standOn(block) {
    stopAt(block);
    block.focus();
  }

  // The text is one stop of the Tab key; inside it the arrow keys lead on. Its links lead to its own places alone.
  function prepare() {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    last = null;
    for (const one of page.querySelectorAll("a, summary, [tabindex]")) one.tabIndex = -1;
    blocks = blocksOf(page);
    for (const one of blocks) one.tabIndex = -1;
    if (blocks.length) blocks[0].tabIndex = 0;
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link) {
        event.preventDefault();
        const id = link.getAttribute("href").split("#")[1];
        const there = id && page.getElementById(decodeURIComponent(id));
        if (there) scrollTo(there);
      }
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
    markChanges();
  }

  box.hidden = false;
  box.querySelector("[data-comment]").addEventListener("click", comment);
  for (const button of box.querySelectorAll("[data-to]")) {
    button.addEventListener("click", () => goTo(current + Number(button.dataset.to)));
  }
  for (const link of document.querySelectorAll("[data-comment-on]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      commentOnChange(link.dataset.commentOn);
    });
  }
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector(".chapter")) prepare();
  else frame.addEventListener("load", prepare);
})();
