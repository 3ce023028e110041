// Turns a text field with keys of sources into a search: type a part of a title, choose, and it stands in a list.
// Without this script the keys are typed. The field itself stays in the form and carries the keys.
"use strict";

(() => {
  const MOST = 12;
  const HELP = "Type a part of the title, an author, the year or the key. Choose with the arrow keys and Enter, or with a click.";
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const library = [...document.querySelectorAll("[data-sources-all] [data-key]")].map((item) => {
    const { key, foundBy } = item.dataset;
    const title = item.querySelector("span").textContent;
    return { key, title, words: plain(`${key} ${title} ${foundBy}`) };
  });
  const titles = new Map(library.map(({ key, title }) => [key, title]));

  function found(typed, chosen) {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return library.filter((source) => !chosen.includes(source.key) && words.every((word) => source.words.includes(word)));
  }

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function hidden(text) {
    return element("span", { className: "visually-hidden" }, text);
  }

  function enhance(field) {
    const { id } = field;
    const search = element("input", { type: "text", id, autocomplete: "off", spellcheck: false });
    const options = element("ul", { id: `${id}_options`, className: "source-options", hidden: true });
    const list = element("ul", { className: "sources-chosen" });
    const said = element("p", { className: "visually-hidden" });
    let active = -1;

    search.setAttribute("role", "combobox");
    search.setAttribute("aria-autocomplete", "list");
    search.setAttribute("aria-expanded", "false");
    search.setAttribute("aria-controls", options.id);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) search.setAttribute(name, field.getAttribute(name));
    }
    options.setAttribute("role", "listbox");
    options.setAttribute("aria-label", "Sources found");
    said.setAttribute("role", "status");
    const help = document.getElementById(`${id}_helptext`);
    if (help) help.textContent = HELP;
    field.removeAttribute("id");
    field.type = "hidden";
    field.after(list, element("div", { className: "source-search" }, search, options), said);

    const keys = () => field.value.split(/[\s,;]+/).map((key) => key.replace(/^\[?@?|\]$/g, "")).filter(Boolean);

    function write(wanted) {
      field.value = [...new Set(wanted)].join(", ");
      show();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function show() {
      list.replaceChildren(...keys().map((key) => {
        const title = titles.get(key);
        const remove = element("button", { type: "button" }, "Remove", hidden(` the source ${title || key}`));
        remove.addEventListener("click", () => {
          write(keys().filter((one) => one !== key));
          search.focus();
          said.textContent = `Removed: ${title || key}.`;
        });
        return element("li", {}, element("code", {}, key), ` ${title || "is not in the library"} `, remove);
      }));
      list.hidden = !list.children.length;
    }

    function close() {
      options.hidden = true;
      options.replaceChildren();
      active = -1;
      search.setAttribute("aria-expanded", "false");
      search.removeAttribute("aria-activedescendant");
    }

    function choose(key) {
      search.value = "";
      close();
      write([...keys(), key]);
      said.textContent = `Chosen: ${titles.get(key)}.`;
    }

    function open() {
      const matches = found(search.value, keys());
      close();
      if (!search.value.trim()) return;
      for (const [index, { key, title }] of matches.slice(0, MOST).entries()) {
        const option = element("li", { id: `${options.id}_${index}` }, element("code", {}, key), ` ${title}`);
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.key = key;
        options.append(option);
      }
      options.hidden = !matches.length;
      search.setAttribute("aria-expanded", String(matches.length > 0));
      if (!matches.length) said.textContent = "No source fits.";
      else if (matches.length > MOST) said.textContent = `${matches.length} sources fit; the first ${MOST} are listed.`;
      else said.textContent = matches.length === 1 ? "1 source fits." : `${matches.length} sources fit.`;
    }

    function go(to) {
      const all = [...options.children];
      if (!all.length) return;
      active = (to + all.length) % all.length;
      for (const [index, option] of all.entries()) option.setAttribute("aria-selected", String(index === active));
      search.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
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
      } else if (event.key === "Enter" && search.value.trim()) {
        event.preventDefault();
        const all = [...options.children];
        const option = all[active] || (all.length === 1 ? all[0] : null);
        if (option) choose(option.dataset.key);
        else said.textContent = all.length ? "Choose one with the arrow keys." : "No source fits.";
      }
    });
    search.addEventListener("blur", close);
    // Before the field loses the focus, which would close the list under the pointer.
    options.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-key]");
      if (option) choose(option.dataset.key);
    });
    // Nothing that was typed is dropped in silence: the server says that it knows no such source.
    field.form.addEventListener("submit", () => {
      const typed = search.value.trim();
      if (!typed) return;
      const matches = found(typed, keys());
      const key = titles.has(typed) ? typed : matches.length === 1 ? matches[0].key : typed;
      search.value = "";
      close();
      write([...keys(), key]);
    }, true);

    show();
  }

  function enhanceAll(place) {
    for (const field of place.querySelectorAll("input[data-sources]")) enhance(field);
  }

  enhanceAll(document);
  document.addEventListener("entry:added", (event) => enhanceAll(event.target));
})();
