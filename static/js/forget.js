// Removes the copies of unsaved pages that this browser keeps: all of them when somebody signs out, one when its page
// is saved. It keeps nothing itself; unsaved.js does, on the one screen where a guide's page is written.
"use strict";

(() => {
  const KEPT = "plainleaf-unsaved:";
  // From then on a window that is still open keeps nothing more.
  const SIGNED_OUT = "plainleaf-signed-out";

  // A browser may forbid all of this.
  function forgetAll() {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
      localStorage.setItem(SIGNED_OUT, String(Date.now()));
    } catch { /* Nothing is kept there. */ }
  }

  // A copy that began from the text just saved, or from an older one, is saved with it. The message comes once.
  function forgetSaved(account, page, version) {
    try {
      const key = `${KEPT}${account}:${page}`;
      const copy = JSON.parse(localStorage.getItem(key));
      if (copy && !(copy.base > version)) localStorage.removeItem(key);
    } catch { /* Whatever cannot be read is removed where it would be offered. */ }
  }

  for (const form of document.querySelectorAll("#logout-form")) {
    form.addEventListener("submit", forgetAll);
  }
  if (document.querySelector("[data-signed-out]")) forgetAll();
  for (const message of document.querySelectorAll('.messagelist [class*="saved-"]')) {
    const [, ...named] = /\bsaved-(\d+)-(\d+)-(\d+)\b/.exec(message.className) || [];
    if (named.length) forgetSaved(...named.map(Number));
  }
})();
