// Buttons above a Markdown field that write what our Markdown has; marking.js says what each writes. Without this script
// the help beside the field says how to type it.
"use strict";

(() => {
  const { element, finder, library } = window.plainleaf;
  const { box, cite, entries, heading, link, list, newLine, picture, stress, table, term } = window.plainleaf.marking;
  const HINT = "Alt+F10 leads from the text to these buttons, the arrow keys along them, Escape back. Enter goes on with a list, and on an empty item ends it; Shift+Enter only begins a line.";

  const search = (kind, words, act) => ({ kind, ...words, act });
  const tools = (form) => [
    ["Headings and lists", [
      ["Heading", (text) => heading(text, "##", "a heading")],
      ["Smaller heading", (text) => heading(text, "###", "a smaller heading")],
      ["List", (text) => list(text, "-")],
      ["Numbered list", (text) => list(text, "1.")],
      ["Table", table],
    ]],
    ["Words", [
      ["Bold", (text) => stress(text, "**", "what is important")],
      ["Italic", (text) => stress(text, "*", "what is stressed")],
      ["Link", link],
      ["Source", search("sources", { label: "Cite a source", hint: "Type a part of the title, an author, the year or the key.", one: "source fits", many: "sources fit", none: "No source fits." }, cite)],
      ["Term", search("terms", { label: "Explain a word with a term of the glossary", hint: "Type a part of the word or of its key.", one: "term fits", many: "terms fit", none: "No term fits." }, term)],
    ]],
    ["Boxes", [
      ["Emergency", (text) => box(text, '!!! emergency "Call 911 if"', "what somebody would notice", true)],
      ["Urgent", (text) => box(text, '!!! urgent "Contact a doctor the same day if"', "what somebody would notice", true)],
      ["Not urgent", (text) => box(text, '!!! non-urgent "Call us if"', "what somebody would notice", true)],
      ["Do", (text) => box(text, "!!! do", "what to do", true)],
      ["Do not", (text) => box(text, "!!! dont", "what not to do", true)],
      ["Warning", (text) => box(text, '!!! warning "[write the warning in a few words]"', "what must not be missed", false)],
    ]],
    ["Pictures and entries", [
      ["Image", search("images", { label: "Insert an image", hint: "Type a part of what the image shows or of its key.", one: "image fits", many: "images fit", none: "No image fits." }, (text, one) => picture(text, "image", one))],
      ["Figure", search("figures", { label: "Insert a figure", hint: "Type a part of the figure’s title.", one: "figure fits", many: "figures fit", none: "No figure fits." }, (text, one) => picture(text, "figure", one))],
      ...(form.querySelector("[data-entries]") ? [["Entries", entries]] : []),
    ]],
  ];

  function enhance(text) {
    const bar = element("div", { className: "toolbar" });
    const panel = element("div", { className: "toolbar-search", id: `${text.id}_search`, hidden: true });
    const buttons = [];
    let opened = null;

    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Insert into the text");
    bar.setAttribute("aria-controls", text.id);

    function toText() {
      text.focus();
    }

    function closePanel() {
      panel.hidden = true;
      panel.replaceChildren();
      if (opened) opened.setAttribute("aria-expanded", "false");
      opened = null;
    }

    function openPanel(button, { kind, label, hint, one, many, none, act }) {
      const again = opened === button;
      closePanel();
      if (again) return;
      const id = `${text.id}_search_field`;
      const found = finder({
        id,
        items: library(kind),
        named: label,
        one,
        many,
        none,
        all: true,
        choose: (item) => {
          closePanel();
          act(text, item);
        },
      });
      const cancel = element("button", { type: "button" }, "Close");
      const help = element("p", { id: `${id}_helptext`, className: "hint" }, `${hint} Choose with the arrow keys and Enter, or with a click. Escape leads back to the text.`);
      cancel.addEventListener("click", () => {
        closePanel();
        toText();
      });
      found.search.setAttribute("aria-describedby", help.id);
      found.search.addEventListener("focus", found.open);
      panel.append(element("label", { htmlFor: id }, label), help, found.box, cancel, found.said);
      panel.hidden = false;
      opened = button;
      button.setAttribute("aria-expanded", "true");
      found.search.focus();
    }

    function goTo(index) {
      const to = buttons[(index + buttons.length) % buttons.length];
      for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
      to.focus();
    }

    for (const [named, made] of tools(text.form)) {
      const group = element("div", { className: "toolbar-group" });
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", named);
      for (const [label, act] of made) {
        const button = element("button", { type: "button", tabIndex: buttons.length ? -1 : 0 }, label);
        if (typeof act !== "function") {
          button.setAttribute("aria-expanded", "false");
          button.setAttribute("aria-controls", panel.id);
        }
        button.addEventListener("click", () => {
          for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
          if (typeof act !== "function") openPanel(button, act);
          else {
            closePanel();
            act(text);
          }
        });
        buttons.push(button);
        group.append(button);
      }
      bar.append(group);
    }

    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (event.key === "Escape") {
        event.preventDefault();
        closePanel();
        toText();
      } else if (to !== undefined) {
        event.preventDefault();
        goTo(to);
      }
    });
    panel.addEventListener("keydown", (event) => {
      // The first Escape closes the list, the next one the search.
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      closePanel();
      toText();
    });
    text.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "F10") {
        event.preventDefault();
        buttons.find((button) => button.tabIndex === 0).focus();
      }
      // An Enter that chooses a word of an input method is not a new line; with Shift it is a plain one.
      const plain = event.isComposing || event.keyCode === 229 || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
      if (event.key === "Enter" && !plain && newLine(text)) event.preventDefault();
    });
    // The text keeps its selection while a button is pressed.
    bar.addEventListener("mousedown", (event) => event.preventDefault());

    text.before(bar, panel, element("p", { className: "hint toolbar-hint" }, HINT));
  }

  for (const text of document.querySelectorAll("textarea[data-markdown]")) enhance(text);
  for (const words of document.querySelectorAll("[data-toolbar-help]")) words.hidden = false;
})();
