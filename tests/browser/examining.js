/* What a page looks like to somebody who zooms, presses Tab or sees few colours: `examine(claims)` returns faults.

   Each claim is a function that returns a sentence for each element that offends it. Lengths are CSS pixels. */
(() => {
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [autofocus]";
  const MAIN_ACTION = ".button, .pager a, .guide-nav summary, .guide-nav-next";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && element.getClientRects().length > 0;
  const focusable = () => all(FOCUSABLE).filter((one) => shown(one) && !one.disabled);
  const tabbable = () => focusable().filter((one) => one.tabIndex >= 0);
  const name = (element) => {
    const words = (element.innerText || element.getAttribute("name") || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((one) => `.${one}`).join("");
    return `<${element.localName}${id}${classes}> “${words}”`;
  };

  // Colours

  const colour = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const over = (top, below) => {
    const mix = (one) => top[one] * top.alpha + below[one] * (1 - top.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  };
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [high, low] = [luminance(one), luminance(two)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // What the browser paints where no element does. Asked for once in each look: asking lays the page out anew.
  let canvas;
  const askCanvas = () => {
    const probe = document.body.appendChild(document.createElement("div"));
    probe.style.backgroundColor = "Canvas";
    canvas = colour(getComputedStyle(probe).backgroundColor);
    probe.remove();
  };
  const painted = (layers) => {
    const opaque = [];
    for (const one of layers) {
      opaque.push(colour(getComputedStyle(one).backgroundColor));
      if (opaque.at(-1).alpha === 1) break;
    }
    return opaque.reduceRight((below, top) => over(top, below), canvas);
  };
  const ancestors = (element) => (element ? [element, ...ancestors(element.parentElement)] : []);
  const backgroundAt = (x, y, element) => {
    const inside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    return painted(inside ? document.elementsFromPoint(x, y) : ancestors(element));
  };

  // Focus: the ring can be told from what lies around it, and nothing lies over the element that has it

  const ring = (element) => {
    const style = getComputedStyle(element);
    const width = parseFloat(style.outlineWidth);
    if (style.outlineStyle === "none" || width < 2) return ["has no ring of 2 px or more"];
    const away = parseFloat(style.outlineOffset) + width / 2;
    const { left, right, top, bottom } = element.getClientRects()[0];
    const points = [
      [left - away, (top + bottom) / 2], [right + away, (top + bottom) / 2],
      [(left + right) / 2, top - away], [(left + right) / 2, bottom + away],
    ];
    const outer = away >= 0 ? element.parentElement : element;
    const ratios = points.map(([x, y]) => contrast(colour(style.outlineColor), backgroundAt(x, y, outer)));
    const least = Math.min(...ratios);
    return least < 3 ? [`has a ring with a contrast of ${least.toFixed(2)}`] : [];
  };
  const covered = (element) => {
    const { left, right, top, bottom } = element.getClientRects()[0];
    const inset = (low, high) => [low + 1, (low + high) / 2, high - 1];
    const seen = inset(left, right).some((x) => inset(top, bottom).some((y) => {
      const there = document.elementFromPoint(x, y);
      return there && element.contains(there);
    }));
    return seen ? [] : ["is covered, or outside the window, while it has the focus"];
  };
  const focus = () => {
    const before = document.activeElement;
    const found = focusable().filter((one) => one.tabIndex >= 0 || one.matches("[autofocus]")).flatMap((one) => {
      one.focus({ focusVisible: true });
      if (document.activeElement !== one) return [`${name(one)} does not take the focus`];
      return [...ring(one), ...covered(one)].map((fault) => `${name(one)} ${fault}`);
    });
    before?.focus();
    return found;
  };

  // Order: in one column, the Tab key goes down the page, and along a line in the direction of writing

  const order = () => {
    const positive = focusable().filter((one) => one.tabIndex > 0).map((one) => `${name(one)} has a positive tabindex`);
    const fixed = (one) => ancestors(one).some((above) => ["fixed", "sticky"].includes(getComputedStyle(above).position));
    const places = tabbable().filter((one) => !fixed(one) && !one.matches(".skip-link"));
    const jumps = places.slice(1).flatMap((one, index) => {
      const [here, last] = [one, places[index]].map((each) => each.getClientRects()[0]);
      const middle = (here.top + here.bottom) / 2;
      if (middle > last.bottom - 2) return [];
      const along = getComputedStyle(one.parentElement).direction === "rtl" ? last.right - here.right : here.left - last.left;
      return here.bottom < last.top || along < 0 ? [`${name(one)} comes after ${name(places[index])}, but stands before it`] : [];
    });
    return [...positive, ...jumps];
  };

  // Structure

  const structure = () => {
    // A summary of errors stands above all: it is what somebody who sent a form must read first.
    const levels = all("h1, h2, h3, h4, h5, h6").filter((one) => shown(one) && !one.closest("[role=alert]")).map((one) => [Number(one.localName[1]), one]);
    const found = levels.slice(1).filter(([level], index) => level > levels[index][0] + 1).map(([, one]) => `${name(one)} skips a level`);
    if (levels.filter(([level]) => level === 1).length !== 1 || levels[0][0] !== 1) found.push("does not begin with its only h1");
    const once = { banner: "body > header", main: "main", contentinfo: "body > footer" };
    for (const [role, selector] of Object.entries(once)) if (all(selector).length !== 1) found.push(`not exactly one ${role}`);
    const label = (one) => one.ariaLabel || (one.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent.trim()).join(" ");
    for (const kind of ["nav", "aside", "section[aria-labelledby], section[aria-label]"]) {
      const names = all(kind).map(label);
      names.filter((one, index) => !one || names.indexOf(one) < index).forEach((one) => found.push(`${kind} called “${one || ""}” cannot be told from the others`));
    }
    return found;
  };

  // Size: a main action can be hit with a thumb (the 24 px of WCAG 2.5.8 are axe's to measure)

  const actions = () =>
    all(MAIN_ACTION).filter(shown).flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width < 44 || height < 43.99 ? [`${name(one)} is ${width.toFixed(0)} × ${height.toFixed(0)} px`] : [];
    });

  // Room: nothing to scroll sideways for, nothing cut off, nothing on top of other words

  const scrolls = (element, axis) => /auto|scroll/.test(getComputedStyle(element)[`overflow${axis}`]);
  const cuts = (element, axis) => /hidden|clip/.test(getComputedStyle(element)[`overflow${axis}`]);
  // Asked of every text and of all that it stands in: remembered while the page stays as it is.
  let clipped = new Map();
  const hidden = (element) => {
    if (!element) return false;
    if (!clipped.has(element)) clipped.set(element, /inset|rect/.test(getComputedStyle(element).clipPath) || hidden(element.parentElement));
    return clipped.get(element);
  };
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && shown(element) && !hidden(element)) found.push(walker.currentNode);
    }
    return found;
  };
  const sideways = () => {
    const page = document.documentElement;
    const extra = page.scrollWidth - page.clientWidth;
    if (extra <= 0) return [];
    const out = all("body *").filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return shown(one) && !hidden(one) && (right > page.clientWidth + 1 || left < -1) && !ancestors(one.parentElement).slice(0, -2).some((above) => scrolls(above, "X"));
    });
    return [`scrolls ${extra} px sideways: ${out.slice(0, 3).map(name).join(", ")}`];
  };
  const cut = () => {
    const boxes = new Set(texts().flatMap((text) => ancestors(text.parentElement)));
    return [...boxes].flatMap((one) => {
      const across = cuts(one, "X") && one.scrollWidth > one.clientWidth + 1;
      const down = cuts(one, "Y") && one.scrollHeight > one.clientHeight + 1;
      return across || down ? [`${name(one)} cuts its words off`] : [];
    });
  };
  const overlaps = () => {
    const block = (one) => (getComputedStyle(one).display.startsWith("inline") && one.parentElement ? block(one.parentElement) : one);
    const above = (one) => ancestors(one).some((each) => ["fixed", "sticky"].includes(getComputedStyle(each).position));
    const lines = texts().filter((text) => !above(text.parentElement)).flatMap((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      // Lines may touch; the letters stand in the middle of what is measured.
      return [...range.getClientRects()].map(({ left, right, top, bottom }) => {
        const spare = (bottom - top) * 0.25;
        return { text, block: block(text.parentElement), left: left + 1, right: right - 1, top: top + spare, bottom: bottom - spare };
      });
    }).sort((a, b) => a.top - b.top);
    const found = new Set();
    lines.forEach((one, index) => {
      for (let next = index + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
        const other = lines[next];
        if (other.block !== one.block && other.left < one.right && one.left < other.right) found.add(`${name(one.text.parentElement)} lies over ${name(other.text.parentElement)}`);
      }
    });
    return [...found];
  };
  const room = () => [...sideways(), ...cut(), ...overlaps()];
  const spaced = () => {
    // WCAG 1.4.12. A constructed style sheet is the visitor's own: the page's policy does not keep it out.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
    const found = room();
    document.adoptedStyleSheets = [];
    return found;
  };

  // Few colours, no motion

  const boxes = () =>
    all("body *").filter((one) => {
      if (!shown(one) || hidden(one) || !one.innerText?.trim() || getComputedStyle(one).display.startsWith("inline") && !one.matches("a, button")) return false;
      const [own, outer] = [painted(ancestors(one)), painted(ancestors(one.parentElement))];
      return ["red", "green", "blue"].some((part) => Math.abs(own[part] - outer[part]) > 1);
    });
  const edges = (marked) => {
    const edged = (one) => ["Top", "Right", "Bottom", "Left"].some((side) => {
      const style = getComputedStyle(one);
      return style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1;
    });
    // A browser draws these itself, in the visitor's colours.
    const drawn = (one) => ["checkbox", "radio"].includes(one.type) && getComputedStyle(one).appearance !== "none";
    return [...new Set([...marked, ...all("button, .button, input, select, textarea").filter(shown)])].filter((one) => !drawn(one))
      .filter((one) => !edged(one)).map((one) => `${name(one)} has no border that is left without colours`);
  };
  const motion = () =>
    all("*").flatMap((one) => [null, "::before", "::after", "::details-content"].flatMap((part) => {
      const style = getComputedStyle(one, part);
      const lasting = (text) => text.split(",").some((each) => parseFloat(each) > 0);
      const moves = style.animationName !== "none" && lasting(style.animationDuration)
        || lasting(style.transitionDuration) || style.scrollBehavior === "smooth";
      return moves ? [`${name(one)}${part || ""} moves`] : [];
    }));

  // Language: letters that show which language they are of, and words in letters that a language does not write

  const SCRIPTS = { ar: /\p{Script=Arabic}/u, he: /\p{Script=Hebrew}/u };
  const LATIN = /^\p{Script=Latin}{3,}$/u;
  const NOT_LATIN = new Set("ar bg el fa he hi hy ja ka ko ru th uk ur zh".split(" "));
  // A unit, or a code in capitals, is the same in every language; an address has a sign inside.
  const OF_NO_LANGUAGE = /^(?:\p{Lu}+|mcg|mmol|kcal|min|bpm)$/u;
  const isLatin = (word) => LATIN.test(word) && !OF_NO_LANGUAGE.test(word);
  const latin = (text) => !text.parentElement.closest("code") && text.data.split(/\s+/)
    .some((word) => !/[@/\\:_=\d]|\w\.\w/.test(word) && word.split(/[^\p{L}\p{M}]+/u).some(isLatin));
  // What a visitor typed is in nobody knows what language, and says so with an empty one.
  const language = (ownWords) => {
    const of = (text) => text.parentElement.closest("[lang]").getAttribute("lang").split("-")[0];
    return texts().flatMap((text) => {
      const wrong = Object.entries(SCRIPTS).filter(([one, letters]) => letters.test(text.data) && ![one, ""].includes(of(text)));
      const own = ownWords.words.some((words) => text.data.includes(words));
      const foreign = own ? of(text) !== ownWords.language : NOT_LATIN.has(of(text)) && latin(text);
      return wrong.length || foreign ? [`${name(text.parentElement)} is said to be in “${of(text)}”`] : [];
    });
  };

  // Letters: a size that also depends on the window's width grows less than the visitor's own, one in px not at all

  let sizes = new Map();
  // Words in a drawing are as large as the drawing makes them.
  const scale = (drawing) => (drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1);
  const size = (element) => parseFloat(getComputedStyle(element).fontSize) * scale(element.closest("svg"));
  const grown = () =>
    [...sizes].filter(([one, was]) => size(one) < 1.5 * was).map(([one, was]) => `${name(one)} was ${was} px and is ${size(one)} px`);

  let marked = [];
  let opened = [];
  const CLAIMS = { focus, order, structure, actions, room, spaced, motion, language, grown, edges: () => edges(marked) };
  window.examine = (claims) => {
    askCanvas();
    return Object.fromEntries(Object.entries(claims).map(([claim, facts]) => {
      clipped = new Map();
      return [claim, CLAIMS[claim](facts)];
    }));
  };
  window.markBoxes = () => { askCanvas(); clipped = new Map(); marked = boxes(); };
  window.openDetails = () => {
    opened = all("details:not([open])");
    opened.forEach((one) => { one.open = true; });
    return opened.length;
  };
  window.closeDetails = () => opened.forEach((one) => { one.open = false; });
  window.inWindow = (element) => {
    clipped = new Map();
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return !hidden(element) && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  };
  window.noteSizes = () => { clipped = new Map(); sizes = new Map(texts().map((text) => [text.parentElement, size(text.parentElement)])); };
})();
