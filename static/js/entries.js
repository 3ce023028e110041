// Adds, moves and removes a page's entries in place. Without this script the same buttons ask the server.
"use strict";

(() => {
  const LONGEST = 60;
  const section = document.querySelector("[data-entries]");
  if (!section) return;
  const form = section.closest("form");
  const rows = section.querySelector("[data-entries-rows]");
  const empty = section.querySelector("[data-entries-empty]");
  const said = section.querySelector("[data-entries-said]");
  const { label } = section.dataset;

  const removed = (entry) => entry.querySelector('input[name$="-removed"]');
  const isGone = (entry) => !["", "False"].includes(removed(entry).value);
  const kept = () => [...rows.children].filter((entry) => !isGone(entry));
  const button = (entry, verb) => entry.querySelector(`button[value^="${verb} "]`);

  function title(entry) {
    const field = entry.querySelector('.entry-body input[type="text"], .entry-body textarea');
    const text = field.value.split(/\s+/).filter(Boolean).join(" ");
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  }

  function name(entry) {
    const place = kept().indexOf(entry);
    const numbered = place < 0 ? label : `${label} ${place + 1}`;
    return title(entry) ? `${numbered}: ${title(entry)}` : numbered;
  }

  function number() {
    const staying = kept();
    for (const entry of rows.children) {
      const place = staying.indexOf(entry);
      if (place < 0) entry.removeAttribute("id");
      else entry.id = `entry-${place + 1}`;
      button(entry, "up").hidden = place === 0;
      button(entry, "down").hidden = place === staying.length - 1;
      for (const words of entry.querySelectorAll("[data-entry-name]")) words.textContent = name(entry);
    }
  }

  function changed(message) {
    number();
    said.textContent = message;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function add() {
    const row = Math.max(-1, ...[...rows.children].map((entry) => Number(entry.dataset.entry))) + 1;
    const entry = empty.content.firstElementChild.cloneNode(true);
    for (const one of [entry, ...entry.querySelectorAll("*")]) {
      for (const attribute of one.attributes) {
        attribute.value = attribute.value.replace("entry-new", `entry-${row}`).replace(/(^| )new$/, `$1${row}`);
      }
    }
    rows.append(entry);
    entry.dispatchEvent(new CustomEvent("entry:added", { bubbles: true }));
    changed(`${label} ${kept().length} is added, empty. It is not saved yet.`);
    entry.querySelector(".entry-body :is(input:not([type=hidden]), select, textarea)").focus();
  }

  function move(entry, verb) {
    const staying = kept();
    const other = staying[staying.indexOf(entry) + (verb === "up" ? -1 : 1)];
    if (!other) return;
    if (verb === "up") other.before(entry);
    else other.after(entry);
    const place = kept().indexOf(entry) + 1;
    changed(`“${title(entry)}” is number ${place} of ${staying.length} now. The order is not saved yet.`);
    const again = button(entry, verb);
    (again.hidden ? button(entry, verb === "up" ? "down" : "up") : again).focus();
  }

  function setGone(entry, gone) {
    removed(entry).value = gone ? "1" : "";
    entry.classList.toggle("entry-gone", gone);
    entry.querySelector(".entry-removed").hidden = !gone;
    entry.querySelector(".entry-body").hidden = gone;
    changed(gone ? `“${title(entry)}” goes when you save. Until then you can put it back.` : `“${title(entry)}” stays.`);
    button(entry, gone ? "put-back" : "remove").focus();
  }

  section.addEventListener("click", (event) => {
    const pressed = event.target.closest('button[name="change"]');
    if (!pressed) return;
    event.preventDefault();
    const [verb] = pressed.value.split(" ");
    const entry = pressed.closest("[data-entry]");
    if (verb === "add") add();
    else if (verb === "up" || verb === "down") move(entry, verb);
    else setGone(entry, verb === "remove");
  });

  section.addEventListener("input", number);
})();
