// What each button of the toolbar writes into a Markdown field: at the cursor, or around what is marked. Gaps such as
// [write …] stop a submission, so that none is forgotten.
"use strict";

(() => {
  const INDENT = "    ";
  const MARK = /^(\s*)((?:[-*+]|\d+[.)])\s+)?(.*)$/;

  // One step for the browser's undo, and an input event for the preview.
  function put(text, start, end, words, from = start + words.length, to = from) {
    text.focus();
    text.setSelectionRange(start, end);
    const done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
    if (!done) {
      text.setRangeText(words, start, end, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    text.setSelectionRange(from, to);
    // Leaving and coming back makes the browser scroll to the selection.
    text.blur();
    text.focus();
  }

  // The same for somebody who is typing: the field keeps the focus, so that no screen reader reads it out anew.
  function typeIn(text, start, end, words) {
    text.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, words)) return;
    text.setRangeText(words, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Puts words in place of a stretch, and the selection on the first gap, else at the end or at `at` in the words.
  function write(text, start, end, words, at = words.length) {
    const gap = /\[write [^\]]*\]/.exec(words);
    const from = start + (gap ? gap.index : at);
    put(text, start, end, words, from, gap ? from + gap[0].length : from);
  }

  const lineStart = (value, at) => value.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = (value, at) => (value.indexOf("\n", at) + 1 || value.length + 1) - 1;
  const isBlank = (line) => !line.trim();

  // Whole lines that hold the selection. One that ends at the very start of a line does not mean that line.
  function lines(text) {
    const { value, selectionStart: from, selectionEnd: to } = text;
    const last = to > from && value[to - 1] === "\n" ? to - 1 : to;
    const start = lineStart(value, from);
    const end = lineEnd(value, last);
    return { start, end, rows: value.slice(start, end).split("\n"), chosen: to > from };
  }

  // Where a new block can stand without cutting one in two: on an empty line, at a block's start, else behind the block.
  function place(text) {
    const { value, selectionEnd: at } = text;
    // The next line that is not empty belongs to a box or to a nested list.
    const goesOn = (from) => /^\s*\n( {4}|\t)\s*\S/.test(value.slice(from));
    const start = lineStart(value, at);
    let end = lineEnd(value, at);
    const here = value.slice(start, end);
    const above = start ? value.slice(lineStart(value, start - 1), start - 1) : "";
    if (isBlank(here) && !goesOn(end)) return { start, end };
    if (at === start && isBlank(above) && /^\S/.test(here)) return { start, end: start };
    while (end < value.length && (goesOn(end) || !isBlank(value.slice(end + 1, lineEnd(value, end + 1))))) {
      end = lineEnd(value, end + 1);
    }
    return { start: end, end };
  }

  // Sets a block off with the empty lines that it needs, counting those that are there.
  function block(text, start, end, words) {
    const { value } = text;
    const before = value.slice(0, start);
    const after = value.slice(end);
    const above = !before.trim() ? "" : "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length));
    const below = !after.trim() ? "" : "\n".repeat(Math.max(0, 2 - /^\n*/.exec(after)[0].length));
    const at = above.length + words.replace(/\n+$/, "").length;
    write(text, start, end, `${above}${words}${below}`, at);
  }

  function insertBlock(text, words) {
    const { start, end } = place(text);
    block(text, start, end, words);
  }

  const bare = (row) => MARK.exec(row.replace(/^\s*#+\s+/, ""))[3].trim();

  function heading(text, marks, gap) {
    const { start, end, rows } = lines(text);
    const words = rows.filter((row) => !isBlank(row)).map((row) => `${marks} ${bare(row)}`);
    if (words.length) block(text, start, end, words.join("\n\n"));
    else insertBlock(text, `${marks} [write ${gap}]`);
  }

  const isItem = (row) => Boolean(MARK.exec(row)[2]);

  // A line that goes on from the item above it stays as it is.
  function listed(rows, mark) {
    let number = 0;
    let within = null;
    return rows.map((row) => {
      const [, indent, marked, words] = MARK.exec(row);
      if (isBlank(row)) return row;
      if (within !== null && !marked && indent.length > within) return row;
      within = marked ? indent.length : null;
      number += 1;
      return `${indent}${mark === "-" ? "-" : `${number}.`} ${words}`;
    });
  }

  function list(text, mark) {
    const { start, end, rows } = lines(text);
    if (rows.every(isBlank)) {
      const indent = rows[0];
      const begun = /(^|\n)\s*([-*+]|\d+[.)])\s[^\n]*\n$/.test(text.value.slice(0, start));
      const words = `${indent}${mark === "-" ? "-" : "1."} [write the first item]`;
      if (indent || begun) write(text, start, end, words);
      else insertBlock(text, words);
      return;
    }
    const words = listed(rows, mark).join("\n");
    const before = text.value.slice(0, start).split("\n").at(-2);
    const after = text.value.slice(end + 1).split("\n")[0];
    // Within a list or a box the lines stand close.
    const close = (near) => near !== undefined && (isItem(near) || /^\s+\S/.test(near) || /^!!!/.test(near));
    if (/^\s/.test(rows[0]) || close(before) || close(after)) write(text, start, end, words);
    else block(text, start, end, words);
  }

  const ITEM = /^(\s*)(?:([-*+])|(\d+)([.)]))(\s+|$)(.*)$/;

  const nextItem = ([, indent, mark, number, behind, space]) => `${indent}${mark || Number(number) + 1 + behind}${space}`;

  // The item that a nested one stands in; a line that is no item and not further in ends the search.
  function outerItem(rows, indent) {
    for (const row of rows.filter((one) => !isBlank(one)).reverse()) {
      const item = ITEM.exec(row);
      if (item && item[1].length < indent.length) return item;
      if (!item && /^\s*/.exec(row)[0].length <= indent.length) return null;
    }
    return null;
  }

  // Enter while somebody types: goes on with the item, box or list that the line belongs to. An empty item ends its
  // list; a nested one steps out first. Returns whether it did anything.
  function newLine(text) {
    const { value, selectionStart: at, selectionEnd: to } = text;
    const start = lineStart(value, at);
    const end = lineEnd(value, at);
    const row = value.slice(start, end);
    const item = ITEM.exec(row);
    if (at !== to) return false;
    if (item && at >= start + row.length - item[6].length) {
      const outer = item[6].trim() ? null : outerItem(value.slice(0, start).split("\n"), item[1]);
      if (item[6].trim()) typeIn(text, at, at + /^ */.exec(value.slice(at, end))[0].length, `\n${nextItem(item)}`);
      else typeIn(text, start, end, outer ? nextItem(outer) : "\n");
      return true;
    }
    if (at !== end) return false;
    // Under the title of a box, and under a line inside it.
    const inside = /^!!!\s/.test(row) ? INDENT : /^( {4,}|\t+)\S/.exec(row)?.[1];
    if (inside) typeIn(text, at, at, `\n${inside}`);
    else if (row && isBlank(row)) typeIn(text, start, end, "\n");
    else return false;
    return true;
  }

  function box(text, opening, gap, asList) {
    const { start, end, rows, chosen } = lines(text);
    if (!chosen || rows.every(isBlank)) {
      insertBlock(text, `${opening}\n${INDENT}${asList ? "- " : ""}[write ${gap}]`);
      return;
    }
    const margin = Math.min(...rows.filter((row) => !isBlank(row)).map((row) => /^\s*/.exec(row)[0].length));
    const inner = rows.map((row) => row.slice(margin));
    const items = asList && !inner.some(isItem) ? listed(inner, "-").filter((row) => !isBlank(row)) : inner;
    const made = [opening, ...items.map((row) => (isBlank(row) ? "" : INDENT + row))].join("\n");
    const outer = margin >= INDENT.length && aroundOf(text.value, start, end);
    if (!outer) block(text, start, end, made);
    // A box has no box in it: the one around the selection ends before it and begins again after it.
    else block(text, outer.start, outer.end, [outer.before, made, outer.after].filter(Boolean).join("\n\n"));
  }

  // The box around some lines: where it stands, and what it is without them, before them and after them.
  function aroundOf(value, start, end) {
    const opens = value.slice(0, start).search(/(?:^|\n)!!![^\n]*(?:\n(?:[ \t]+[^\n]*)?)*$/);
    if (opens < 0) return null;
    const from = value[opens] === "\n" ? opens + 1 : opens;
    const title = value.slice(from, lineEnd(value, from));
    const rest = /^(?:\n(?:(?: {4}|\t)[^\n]*|[ \t]*(?=\n\s*\n*(?: {4}|\t)\s*\S)))*/.exec(value.slice(end))[0];
    const first = value.slice(lineEnd(value, from), start);
    return {
      start: from,
      end: end + rest.length,
      before: isBlank(first) ? "" : title + first.trimEnd(),
      after: isBlank(rest) ? "" : `${title}\n${rest.replace(/^\n+/, "").trimEnd()}`,
    };
  }

  // Marks each line of a selection by itself, behind its list mark and inside its spaces.
  function stress(text, mark, gap) {
    const { value, selectionStart: start, selectionEnd: end } = text;
    const chosen = value.slice(start, end);
    if (!chosen.trim()) {
      write(text, start, end, `${mark}[write ${gap}]${mark}`);
      return;
    }
    const words = chosen.split("\n").map((row) => {
      const [, before, inner, after] = /^(\s*(?:(?:[-*+]|\d+[.)]|#+)\s+)?)(.*?)(\s*)$/.exec(row);
      return inner ? `${before}${mark}${inner}${mark}${after}` : row;
    }).join("\n");
    put(text, start, end, words, start, start + words.length);
  }

  function link(text) {
    const { value, selectionStart: start, selectionEnd: end } = text;
    const chosen = value.slice(start, end).trim().replace(/\s+/g, " ");
    if (/^https?:\/\/\S+$/.test(chosen)) write(text, start, end, `[[write the words of the link]](${chosen})`);
    else write(text, start, end, `[${chosen || "[write the words of the link]"}](${chosen ? "[write the address]" : "https://"})`);
  }

  function cite(text, { key }) {
    const { value, selectionStart: start, selectionEnd: to } = text;
    const end = start + value.slice(start, to).trimEnd().length;
    const space = end && !/\s/.test(value[end - 1]) ? " " : "";
    write(text, end, end, `${space}[@${key}]`);
  }

  function term(text, { key, title }) {
    const { value, selectionStart: start, selectionEnd: end } = text;
    const words = value.slice(start, end);
    const [, before, inner, after] = /^(\s*)([^]*?)(\s*)$/.exec(words);
    write(text, start, end, `${before}[${inner.replace(/\s+/g, " ") || title}](term:${key})${after}`);
  }

  // The selection goes where a caption is written.
  function picture(text, kind, { key }) {
    const { start, end } = place(text);
    block(text, start, end, `![](${kind}:${key})`);
    const at = text.selectionEnd - `](${kind}:${key})`.length;
    text.setSelectionRange(at, at);
  }

  function table(text) {
    const { start, end, rows, chosen } = lines(text);
    const filled = rows.filter((row) => !isBlank(row));
    if (chosen && filled.length && filled.every((row) => row.includes("\t"))) {
      // Cells that come from a spreadsheet.
      const made = filled.map((row) => `| ${row.split("\t").map((cell) => cell.trim().replace(/\|/g, "\\|")).join(" | ")} |`);
      const width = filled[0].split("\t").length;
      made.splice(1, 0, `| ${Array(width).fill("---").join(" | ")} |`);
      block(text, start, end, made.join("\n"));
      return;
    }
    const gap = (words) => `[write ${words}]`;
    insertBlock(text, [
      `| ${gap("a heading")} | ${gap("a heading")} |`,
      "| --- | --- |",
      `| ${gap("a cell")} | ${gap("a cell")} |`,
    ].join("\n"));
  }

  function entries(text) {
    const there = text.value.indexOf("[[entries]]");
    if (there < 0) insertBlock(text, "[[entries]]");
    else {
      text.focus();
      text.setSelectionRange(there, there + "[[entries]]".length);
    }
  }

  window.plainleaf = window.plainleaf || {};
  window.plainleaf.marking = { box, cite, entries, heading, link, list, newLine, picture, stress, table, term };
})();
