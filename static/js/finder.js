// A text field that searches a list: type a part of a title, choose with the arrow keys and Enter, or with a click.
"use strict";

window.plainleaf = window.plainleaf || {};

window.plainleaf.plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

window.plainleaf.element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// `items`: rows with key, title, words to search in plain letters, and perhaps a picture. `without()`: keys that are
// not offered. `all`: an empty field offers everything. Returns the parts for the page, and what the caller may ask.
window.plainleaf.finder = ({ id, items, named, one, many, none, without = () => [], all = false, choose }) => {
  const { plain, element } = window.plainleaf;
  const MOST = 12;
  const search = element("input", { type: "text", id, autocomplete: "off", spellcheck: false });
  const options = element("ul", { id: `${id}_options`, className: "source-options", hidden: true });
  const said = element("p", { className: "visually-hidden" });
  let active = -1;

  search.setAttribute("role", "combobox");
  search.setAttribute("aria-autocomplete", "list");
  search.setAttribute("aria-expanded", "false");
  search.setAttribute("aria-controls", options.id);
  options.setAttribute("role", "listbox");
  options.setAttribute("aria-label", named);
  said.setAttribute("role", "status");

  // A list is there to be seen; that there is none has to be said to everybody.
  function tell(words, unseen) {
    said.textContent = words;
    said.className = unseen ? "visually-hidden" : "help";
  }

  function found(typed) {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    if (!words.length && !all) return [];
    const left = without();
    return items.filter((item) => !left.includes(item.key) && words.every((word) => item.words.includes(word)));
  }

  function close() {
    options.hidden = true;
    options.replaceChildren();
    active = -1;
    search.setAttribute("aria-expanded", "false");
    search.removeAttribute("aria-activedescendant");
  }

  function shown({ key, title, picture }, index) {
    const option = element("li", { id: `${options.id}_${index}` });
    if (picture) option.append(element("img", { src: picture, alt: "", loading: "lazy" }));
    option.append(element("code", {}, key), ` ${title}`);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.key = key;
    return option;
  }

  function open() {
    const matches = found(search.value);
    close();
    tell("", true);
    if (!search.value.trim() && !all) return;
    options.append(...matches.slice(0, MOST).map(shown));
    options.hidden = !matches.length;
    search.setAttribute("aria-expanded", String(matches.length > 0));
    if (!matches.length) tell(none, false);
    else if (matches.length > MOST) tell(`${matches.length} ${many}; the first ${MOST} are listed.`, false);
    else tell(matches.length === 1 ? `1 ${one}.` : `${matches.length} ${many}.`, true);
  }

  function go(to) {
    const listed = [...options.children];
    if (!listed.length) return;
    active = (to + listed.length) % listed.length;
    for (const [index, option] of listed.entries()) option.setAttribute("aria-selected", String(index === active));
    search.setAttribute("aria-activedescendant", listed[active].id);
    listed[active].scrollIntoView({ block: "nearest" });
  }

  function take(key) {
    search.value = "";
    close();
    tell("", true);
    choose(items.find((item) => item.key === key));
  }

  // What is typed and not chosen is no part of the page, so neither the preview nor the warning need hear of it.
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    open();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options.hidden) open();
      go(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Escape" && !options.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && (search.value.trim() || all)) {
      event.preventDefault();
      const listed = [...options.children];
      const option = listed[active] || (listed.length === 1 ? listed[0] : null);
      if (option) take(option.dataset.key);
      else tell(listed.length ? "Choose one with the arrow keys." : none, false);
    }
  });
  search.addEventListener("blur", close);
  // Before the field loses the focus, which would close the list under the pointer.
  options.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-key]");
    if (option) take(option.dataset.key);
  });

  return { search, said, found, open, close, box: element("div", { className: "source-search" }, search, options) };
};

// The lists beside the text: those of this kind, ready to be searched.
window.plainleaf.library = (kind) =>
  [...document.querySelectorAll(`[data-${kind}-all] [data-key]`)].map((item) => {
    const { key, title, foundBy = "", picture } = item.dataset;
    return { key, title, picture, words: window.plainleaf.plain(`${key} ${title} ${foundBy}`) };
  });
