// A text field that offers what may stand in it (ARIA combobox with a list, as the WAI-ARIA practices have it).
// Options are `{value, label, also, mark, group}`: `also` are other spellings, `mark` is told behind the label.

import { h, replace } from "./dom.js";
import { ascii, distance, fold } from "./text.js";

const SHOWN = 25;
let counter = 0;

const bare = (text) => {
  const plain = ascii(text) ? text : text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return fold(plain).replace(/[-_ .]+/g, "");
};

/** The spellings of an option, each with its letters alone; worked out once. */
function spellings(option) {
  option.keys ??= [option.value, option.label, ...(option.also || [])].map((text) => [bare(text), text]);
  return option.keys;
}

/** How well an option fits what was typed, and through which spelling; null where it does not. */
function fit(option, wanted) {
  let best = null;
  for (const [place, [key, text]] of spellings(option).entries()) {
    let score = null;
    if (key === wanted) score = 0;
    else if (key.startsWith(wanted)) score = 1;
    else if (wanted.length > 1 && key.includes(wanted)) score = 2;
    if (score !== null && (best === null || score < best.score)) best = { score, text, alias: place > 1 };
  }
  return best;
}

/** Options for a text, the best first; what comes close where nothing fits. */
export function search(options, typed) {
  const wanted = bare(typed);
  if (!wanted) return options.map((option) => ({ option, via: null }));
  const ranks = []; // of each score, the options in their order
  const add = (option, score, via) => (ranks[score] ??= []).push({ option, via, score });
  for (const option of options) {
    const hit = fit(option, wanted);
    if (hit !== null) add(option, hit.score, hit.alias ? hit.text : null);
  }
  if (!ranks.length && wanted.length > 2) {
    const limit = Math.floor(wanted.length / 3);
    for (const option of options) {
      const far = Math.min(...option.keys.map(([key]) => distance(wanted, key, limit)));
      if (far <= limit) add(option, 3 + far, null);
    }
  }
  return ranks.flat();
}

/**
 * The field. `options` is a list or a function that gives one; `onchange(value, option, via)` is called with what
 * is typed (no option then) or chosen. Whatever is typed stays: what may stand there is for the caller to judge.
 */
export class Combobox {
  constructor({ label, options, value = "", placeholder = "", onchange, describedby = null, required = false }) {
    counter += 1;
    this.id = `ln-combo-${counter}`;
    this.options = options;
    this.onchange = onchange;
    this.active = -1;
    this.found = [];
    this.input = h("input", {
      id: this.id,
      type: "text",
      role: "combobox",
      class: "ln-input",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${this.id}-list`,
      "aria-describedby": describedby,
      "aria-required": required ? "true" : null,
      placeholder,
    });
    this.input.value = value;
    this.list = h("ul", { id: `${this.id}-list`, role: "listbox", class: "ln-options", hidden: true, "aria-label": label });
    this.element = h("div", { class: "ln-combo" }, this.input, this.list);
    this.input.addEventListener("input", () => {
      this.onchange(this.input.value);
      this.open(this.input.value);
    });
    this.input.addEventListener("focus", () => this.offered().forEach(spellings)); // the first letter need not wait
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => (this.shown ? this.close() : this.open("")));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.choose(Number(item.dataset.place));
    });
  }

  get shown() {
    return !this.list.hidden;
  }

  get value() {
    return this.input.value;
  }

  set value(value) {
    if (this.input.value !== value) this.input.value = value;
  }

  offered() {
    return typeof this.options === "function" ? this.options() : this.options;
  }

  open(typed) {
    const every = search(this.offered(), typed);
    this.found = every.slice(0, SHOWN);
    this.active = typed ? (this.found.length ? 0 : -1) : this.found.findIndex(({ option }) => option.value === this.value);
    let group = null;
    const items = this.found.map(({ option, via }, place) => {
      const heads = [];
      if (!typed && option.group && option.group !== group) {
        group = option.group;
        heads.push(h("li", { class: "ln-group", role: "presentation" }, group));
      }
      return [
        heads,
        h(
          "li",
          { id: `${this.id}-${place}`, role: "option", class: "ln-option", "data-place": place, "aria-selected": "false" },
          h("span", { class: "ln-option-label" }, option.label),
          option.label !== option.value && !option.plain && h("code", {}, option.value),
          via && h("span", { class: "ln-via" }, option.via ? option.via(via) : `also written ${via}`),
          option.mark && h("span", { class: "ln-mark" }, option.mark),
        ),
      ];
    });
    const more = every.length - this.found.length;
    if (more > 0) {
      items.push(h("li", { class: "ln-more", role: "presentation" }, `and ${more.toLocaleString("en")} more; keep typing`));
    }
    if (!items.length) {
      this.close();
      return;
    }
    replace(this.list, items);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark() {
    for (const item of this.list.querySelectorAll("[role=option]")) {
      const chosen = Number(item.dataset.place) === this.active;
      item.setAttribute("aria-selected", String(chosen));
      if (chosen) item.scrollIntoView({ block: "nearest" });
    }
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(place) {
    const hit = this.found[place];
    if (hit === undefined) return;
    this.input.value = hit.option.shown ?? hit.option.value;
    this.close();
    this.onchange(this.input.value, hit.option, hit.via);
  }

  key(event) {
    const last = this.found.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (!this.shown) this.open("");
        else if (event.key === "ArrowDown") this.active = this.active >= last ? 0 : this.active + 1;
        else this.active = this.active <= 0 ? last : this.active - 1;
        this.mark();
        break;
      case "Enter":
        if (this.shown && this.active >= 0) {
          event.preventDefault();
          this.choose(this.active);
        }
        break;
      case "Tab":
        if (this.shown && this.active >= 0 && this.input.value && this.found[this.active].score < 3) this.choose(this.active);
        break;
      case "Escape":
        if (this.shown) {
          event.preventDefault();
          event.stopPropagation();
          this.close();
        }
        break;
      default:
    }
  }
}
