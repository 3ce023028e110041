// Keeps a copy of what is written on a guide's page and not saved, in this browser, for the account that wrote it; and
// offers it when the page is opened again. On no other screen: what patients send in is never kept here.
"use strict";

(() => {
  const PAUSE = 800;
  const LONGEST = 30 * 24 * 60 * 60 * 1000;
  const KEPT = "plainleaf-unsaved:";
  const SIGNED_OUT = "plainleaf-signed-out";
  const NOT_WRITTEN = ["csrfmiddlewaretoken", "base"];

  const form = document.querySelector("form[data-copy]");
  if (!form) return;
  const { element } = window.plainleaf;
  const key = KEPT + form.dataset.copy;
  // What was offered and not yet decided when somebody began to write anew.
  const earlier = `${key}:earlier`;
  const opened = Date.now();
  let timer = 0;
  let changed = false;
  let undecided = false;
  let stopped = false;

  // A browser may forbid all of this, and its store may be full: then there is no copy, and all else works.
  function storage(act) {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  }

  const fieldsNow = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const written = (fields) => JSON.stringify(
    fields.filter(([name]) => !NOT_WRITTEN.includes(name)).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n").trim()]),
  );

  // Returns a copy, or null where there is none. What cannot be read, or is too old, is removed.
  function read(name) {
    return storage((store) => {
      const text = store.getItem(name);
      if (text === null) return null;
      let copy = null;
      try {
        copy = JSON.parse(text);
      } catch { /* Somebody else's, or cut short. */ }
      const sound = copy && Array.isArray(copy.fields) && copy.at > Date.now() - LONGEST;
      if (!sound) store.removeItem(name);
      return sound ? copy : null;
    });
  }

  const remove = (name) => storage((store) => store.removeItem(name));

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (stopped || !changed) return;
    storage((store) => {
      if (Number(store.getItem(SIGNED_OUT)) > opened) return;
      const offered = undecided && store.getItem(key);
      const fields = fieldsNow();
      const copy = JSON.stringify({ at: Date.now(), base: Number(form.elements.base.value) || 0, fields });
      if (offered) store.setItem(earlier, offered);
      undecided = false;
      if (written(fields) === asSaved) store.removeItem(key);
      else store.setItem(key, copy);
    });
  }

  function sweep() {
    storage((store) => {
      for (const name of Object.keys(store)) if (name.startsWith(KEPT)) read(name);
    });
  }

  function moment(at) {
    const day = { day: "numeric", month: "short", ...(new Date(at).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }) };
    const when = new Date(at);
    return `${when.toLocaleDateString("en-GB", day)}, ${when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
  }

  // The label of a field, also of an entry that is not on the screen.
  function fieldOf(name) {
    const template = name.startsWith("entry-") && form.querySelector("[data-entries-empty]");
    const there = form.elements[name];
    if (!template) return there instanceof Element ? { field: there, label: there.labels?.[0] } : {};
    const asNew = name.replace(/^entry-\d+-/, "entry-new-");
    const field = template.content.querySelector(`[name="${CSS.escape(asNew)}"]`);
    return { field, label: field && template.content.querySelector(`label[for="${CSS.escape(field.id)}"]`) };
  }

  function inWords({ fields }) {
    const shown = [];
    const values = new Map(fields);
    const kind = form.querySelector("[data-entries]")?.dataset.label;
    let number = 0;
    for (const [name, value] of fields) {
      const row = /^entry-(\d+)-/.exec(name)?.[1];
      if (name === "entry") {
        const gone = !["", "False"].includes(values.get(`entry-${value}-removed`) || "");
        if (!gone) number += 1;
        shown.push(element("h3", {}, gone ? `${kind}, removed` : `${kind} ${number}`));
      } else if (value.trim() && !NOT_WRITTEN.includes(name) && !name.endsWith("-removed")) {
        const { field, label } = fieldOf(name);
        if (!row && !label) continue;
        const choice = field?.tagName === "SELECT" && [...field.options].find((option) => option.value === value);
        const words = choice ? choice.text : field?.type === "checkbox" ? "yes" : value;
        const labelled = (label?.textContent || name.replace(/^entry-\d+-/, "")).trim().replace(/:$/, "");
        shown.push(element("p", { className: "copy-label" }, labelled), element("pre", { className: "saved-text" }, words));
      }
    }
    for (const text of shown) if (text.tagName === "PRE" && text.textContent.length > 400) text.tabIndex = 0;
    return shown;
  }

  // Sends the kept fields to this screen, which answers with them, unsaved. So the server makes the entries anew, and
  // sees from the base when somebody saved meanwhile.
  function bringBack(copy) {
    const sent = element("form", { method: "post", action: form.action, hidden: true });
    const carried = [
      ...copy.fields,
      ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value],
      ["change", "bring-back"],
    ];
    for (const [name, value] of carried) {
      const field = element("textarea", { name });
      field.value = value;
      sent.append(field);
    }
    document.body.append(sent);
    sent.submit();
  }

  function offer(name, copy, place) {
    const title = `${place}_title`;
    const text = JSON.stringify(copy);
    const notice = element("section", { className: "note", tabIndex: -1 });
    const back = element("button", { type: "button", className: "default" }, "Bring it back");
    const drop = element("button", { type: "button" }, "Drop it");
    notice.setAttribute("aria-labelledby", title);
    notice.append(
      element("h2", { id: title }, `You wrote on this page on ${moment(copy.at)}, and did not save it`),
      element("p", {}, "Your browser kept what you wrote. Bringing it back puts it in the form below, in place of what stands there now; it is saved only when you press Save."),
      element("details", {}, element("summary", {}, "Read it first"), ...inWords(copy)),
      element("div", { className: "buttons" }, back, drop),
    );
    back.addEventListener("click", () => {
      // It becomes the newest copy, so that it stays until it is saved. What was written since is offered next.
      keep();
      storage((store) => {
        const since = store.getItem(key);
        if (since && since !== text) store.setItem(earlier, since);
        else store.removeItem(earlier);
        store.setItem(key, text);
      });
      stopped = true;
      bringBack(copy);
    });
    drop.addEventListener("click", () => {
      // Once somebody writes anew, it stands under the other name.
      for (const at of [key, earlier]) if (storage((store) => store.getItem(at)) === text) remove(at);
      if (name === key) undecided = false;
      const said = element("p", { className: "note", tabIndex: -1 }, "It is dropped. The form holds the text as it is below.");
      said.setAttribute("role", "status");
      notice.replaceWith(said);
      said.focus();
    });
    document.querySelector("#content-main").prepend(notice);
  }

  const asSaved = "unsaved" in form.dataset ? null : written(fieldsNow());
  sweep();
  if (asSaved === null) {
    // What came back unsaved is nowhere else.
    changed = true;
    keep();
  } else {
    for (const [at, name] of [earlier, key].entries()) {
      const copy = read(name);
      if (copy && written(copy.fields) === asSaved) remove(name);
      else if (copy) {
        offer(name, copy, `copy-${at}`);
        if (name === key) undecided = true;
      }
    }
  }

  // The hint is true only where a browser keeps anything.
  if (storage((store) => {
    store.setItem(`${KEPT}test`, "");
    store.removeItem(`${KEPT}test`);
    return true;
  })) form.querySelector("[data-copy-hint]").hidden = false;

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  window.addEventListener("pagehide", () => { if (timer) keep(); });
  for (const link of form.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", () => {
      stopped = true;
      remove(key);
    });
  }
})();
