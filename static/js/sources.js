// Turns a text field with keys of sources into a search: type a part of a title, choose, and it stands in a list.
// Without this script the keys are typed. The field itself stays in the form and carries the keys.
"use strict";

(() => {
  const HELP = "Type a part of the title, an author, the year or the key. Choose with the arrow keys and Enter, or with a click.";
  const { element, finder, library } = window.plainleaf;
  const sources = library("sources");
  const titles = new Map(sources.map(({ key, title }) => [key, title]));

  function hidden(text) {
    return element("span", { className: "visually-hidden" }, text);
  }

  function enhance(field) {
    const { id } = field;
    const list = element("ul", { className: "sources-chosen" });
    const keys = () => field.value.split(/[\s,;]+/).map((key) => key.replace(/^\[?@?|\]$/g, "")).filter(Boolean);
    const { search, said, found, close, box } = finder({
      id,
      items: sources,
      named: "Sources found",
      one: "source fits",
      many: "sources fit",
      none: "No source fits.",
      without: keys,
      choose: ({ key, title }) => {
        write([...keys(), key]);
        said.textContent = `Chosen: ${title}.`;
      },
    });

    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) search.setAttribute(name, field.getAttribute(name));
    }
    const help = document.getElementById(`${id}_helptext`);
    if (help) help.textContent = HELP;
    field.removeAttribute("id");
    field.type = "hidden";
    field.after(list, box, said);

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

    // Nothing that was typed is dropped in silence: the server says that it knows no such source.
    field.form.addEventListener("submit", () => {
      const typed = search.value.trim();
      if (!typed) return;
      const matches = found(typed);
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
