// Search over everything that has a name. It ranks as `canonry search` does: every word must occur; a word weighs
// more where it is a whole word, and more in a name than in a sentence. The index is fetched when it is first asked.

import { visible } from "./links/visible.js";

const SHOWN = 40;
const TOKEN = /[\p{L}\p{N}]+/gu;
const KINDS = {
  events: "event",
  traits: "trait",
  segments: "segment",
  utm: "UTM format",
  creatives: "creative tag",
  objects: "platform name",
  common: "shared definition",
  vocabularies: "vocabulary",
  platforms: "platform",
  campaigns: "campaign",
  accounts: "account",
  teams: "team",
  rules: "rule",
  symptoms: "symptom",
  guides: "guide",
};
const QUIET = new Set(["name", "title", "description", "trigger", "text", "heading", "code", "summary"]);

export const tokens = (text) => text.toLowerCase().match(TOKEN) ?? [];

/** The index, turned: every token with the terms that hold it. */
export class Finder {
  constructor({ whats, entries }) {
    this.whats = whats;
    this.entries = entries;
    this.postings = new Map(); // token -> [entry, place of the term, tokens in it]*
    this.phrases = new Map(); // the tokens of a term in their order -> [entry, place of the term]*
    const telling = new Set(); // tokens of more than sentences: what a slip may have meant
    entries.forEach((entry, number) => {
      const terms = entry[6];
      for (let place = 0; place < terms.length; place += 3) {
        const found = tokens(terms[place]);
        for (const token of new Set(found)) {
          const held = this.postings.get(token);
          if (held) held.push(number, place, found.length);
          else this.postings.set(token, [number, place, found.length]);
          if (terms[place + 2] > 1) telling.add(token);
        }
        const phrase = found.join("_");
        const same = this.phrases.get(phrase);
        if (same) same.push(number, place);
        else this.phrases.set(phrase, [number, place]);
      }
    });
    this.known = [...this.postings.keys()];
    this.telling = [...telling];
  }

  /** Hits, best first: `{entry, score, terms}`. `instead`: the words that were tried, where these occur nowhere. */
  find(query) {
    const wanted = tokens(query);
    if (wanted.length === 0) return { hits: [], instead: [] };
    const hits = this.ranked(wanted);
    if (hits.length > 0) return { hits, instead: [] };
    const guessed = wanted.map((word) => (this.postings.has(word) ? word : (this.nearest(word) ?? word)));
    if (guessed.every((word, place) => word === wanted[place])) return { hits, instead: [] };
    return { hits: this.ranked(guessed), instead: guessed };
  }

  ranked(wanted) {
    const distinct = [...new Set(wanted)];
    let kept = null;
    for (const word of distinct) {
      const best = this.best(word);
      if (kept === null) {
        kept = new Map([...best].map(([entry, [score, place]]) => [entry, { score, terms: [place] }]));
        continue;
      }
      for (const [entry, hit] of kept) {
        const more = best.get(entry);
        if (!more) kept.delete(entry);
        else {
          hit.score += more[0];
          hit.terms.push(more[1]);
        }
      }
    }
    const exact = new Map(); // entry -> place of the heaviest term that is just what was asked
    const weight = (entry, place) => this.entries[entry][6][place + 2];
    const same = this.phrases.get(wanted.join("_")) ?? [];
    for (let i = 0; i < same.length; i += 2) {
      const before = exact.get(same[i]);
      if (before === undefined || weight(same[i], same[i + 1]) > weight(same[i], before)) exact.set(same[i], same[i + 1]);
    }
    const hits = [...kept].map(([entry, { score, terms }]) => {
      const gone = ["retired", "cancelled"].includes(this.entries[entry][4]) ? 0.5 : 1;
      const place = exact.get(entry);
      if (place === undefined) return { entry, score: score * gone, terms: [...new Set(terms)] };
      return { entry, score: (score + 8 * weight(entry, place)) * gone, terms: [place] };
    });
    return hits.sort((a, b) => b.score - a.score || a.entry - b.entry);
  }

  /** For one word: entry -> [score, place of the best term]. */
  best(word) {
    const found = new Map();
    for (const token of this.known) {
      if (!token.startsWith(word) && !(word.length > 2 && token.includes(word))) continue;
      const held = this.postings.get(token);
      const near = token === word ? 0 : token.startsWith(word) ? 2 : 1;
      for (let i = 0; i < held.length; i += 3) {
        const weight = this.entries[held[i]][6][held[i + 1] + 2];
        const score = (near || 4 + 2 / held[i + 2]) * weight;
        const before = found.get(held[i]);
        if (!before || score > before[0]) found.set(held[i], [score, held[i + 1]]);
      }
    }
    return found;
  }

  /** The known word that is a slip or two away; longer words may have more. */
  nearest(word) {
    let allowed = word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
    let best = null;
    for (const token of this.telling) {
      if (Math.abs(token.length - word.length) > allowed) continue;
      const far = distance(word, token, allowed);
      if (far <= allowed && (best === null || far < allowed)) {
        best = token;
        allowed = far;
        if (far === 1) break;
      }
    }
    return best;
  }

  /** Where a hit leads: to the field or word that was found, where it has a place on the page. */
  address(hit) {
    const entry = this.entries[hit.entry];
    const whats = hit.terms.map((place) => this.whats[entry[6][place + 1]]);
    if (whats.some((what) => what === "name" || what === "title")) return entry[3];
    for (const [number, place] of hit.terms.entries()) {
      const what = whats[number];
      const text = entry[6][place];
      const named = what === "property" || what === "word" ? text : /^(?:property|value of|word|alias of) (\S+)/.exec(what)?.[1];
      if (named !== undefined && !entry[3].includes("#")) return `${entry[3]}#${encodeURIComponent(named)}`;
    }
    return entry[3];
  }

  /** Why it was found, where its name does not say it: `[what, text]` pairs. */
  reasons(hit) {
    const terms = this.entries[hit.entry][6];
    return hit.terms
      .map((place) => [this.whats[terms[place + 1]], terms[place]])
      .filter(([what]) => !QUIET.has(what));
  }
}

/** Edits between two words, neighbours changing places counted once; more than `most` is told as `most + 1`. */
function distance(a, b, most) {
  let before = null;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (before && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return row[b.length];
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.map((child) => (typeof child === "string" ? visible(child) : child)));
  return made;
}

/** The text, with what was asked for marked. Text stays text, whatever it holds. */
function marked(text, words) {
  const found = words.filter(Boolean).map((word) => word.replace(/[^\p{L}\p{N}]/gu, ""));
  if (found.length === 0) return [text];
  const parts = text.split(new RegExp(`(${found.join("|")})`, "giu"));
  return parts.map((part, place) => (place % 2 ? element("mark", {}, part) : part));
}

function start(box) {
  const input = box.querySelector("#find");
  const list = box.querySelector("#found");
  const count = box.querySelector("#found-count");
  const root = new URL(box.dataset.root.replace(/\/?$/, "/"), location);
  let finder = null;
  let chosen = -1;

  const load = () => {
    finder ??= fetch(new URL(box.dataset.index, location))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status}`))))
      .then((index) => new Finder(index))
      .catch(() => {
        finder = null; // the next keystroke tries again
        return null;
      });
    return finder;
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  };

  const choose = (place) => {
    const items = [...list.querySelectorAll("a")];
    if (items.length === 0) return;
    chosen = (place + items.length) % items.length;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };

  const row = (index, hit, number, words) => {
    const [kind, name, title, , status, said] = index.entries[hit.entry];
    const description = said.replaceAll("`", "");
    const reasons = index.reasons(hit);
    const why = reasons.length
      ? reasons.slice(0, 2).flatMap(([what, text], place) => [place ? ", " : "", `${what} `, ...marked(text, words)])
      : [description.length > 110 ? `${description.slice(0, 108)}…` : description];
    const head = element("span", {}, element("strong", {}, ...marked(title, words)));
    if (name !== title) head.append(element("code", {}, ...marked(name, words)));
    const about = status && status !== "active" ? `${KINDS[kind] ?? kind}, ${status}` : (KINDS[kind] ?? kind);
    const item = element(
      "a",
      { id: `found-${number}`, href: new URL(index.address(hit), root).href, tabIndex: -1 },
      head,
      element("span", { textContent: about }),
      element("span", { className: "why" }, ...why),
    );
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  };

  const show = async () => {
    const query = input.value;
    const words = tokens(query);
    if (words.length === 0) {
      close();
      count.textContent = "";
      return;
    }
    const index = await load();
    if (input.value !== query) return; // another keystroke has overtaken this one
    if (index === null) {
      list.replaceChildren(element("p", { textContent: "The index could not be read. Is the site complete?" }));
      list.hidden = false;
      return;
    }
    const { hits, instead } = index.find(query);
    const rows = hits.slice(0, SHOWN).map((hit, number) => row(index, hit, number, instead.length ? instead : words));
    const said = [];
    if (instead.length) said.push(`Nothing is called “${query}”. Shown instead: ${instead.join(" ")}`);
    else if (hits.length === 0) said.push(`Nothing holds “${query}”.`);
    if (hits.length > SHOWN) said.push(`The best ${SHOWN} of ${hits.length}.`);
    list.replaceChildren(...said.map((textContent) => element("p", { textContent, role: "presentation" })), ...rows);
    list.hidden = false;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", "true");
    count.textContent = `${hits.length} found`;
    chosen = -1;
    if (rows.length) choose(0);
  };

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", show);
  input.addEventListener("focus", () => input.value && show());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      list.querySelectorAll("a")[Math.max(chosen, 0)]?.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) input.value = "";
      close();
    }
  });
  list.addEventListener("click", close);
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

if (typeof document !== "undefined") {
  const box = document.querySelector(".finder");
  if (box) start(box);
}
