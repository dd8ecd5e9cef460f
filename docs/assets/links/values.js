// What fields hold: one class per type of the table; each reads, writes and explains its spellings.
// A port of canonry.naming.runtime.values. Values that cannot be read are null.

import { fold, nearest, shown, size, slug } from "./text.js";

export const ABSENT = "xx";
export const ID_ALPHABET = "23456789bcdfghjklmnpqrstvwxyz";
export const ID_LENGTH = 6;
export const MAX_TEXT = 2048;
export const MEMORY = 20_000;
const MAX_DIGITS = 30;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE_EXAMPLES = { day: "2026-11-21", month: "2026-11", quarter: "2026-Q4", year: "2026" };
const DATE_FORMS = { day: "yyyymmdd", month: "yyyymm", quarter: "yyyyqn", year: "yyyy" };

/** A deterministic automaton of the table: character classes, transitions, accepting states. */
export class Automaton {
  constructor(table) {
    this.wide = table.wide || [];
    this.next = table.next;
    this.accepting = new Set(table.accept);
    this.classes = new Map();
    table.classes.forEach((chars, number) => {
      for (const char of chars) this.classes.set(char, number);
    });
  }

  step(state, char) {
    const number = this.classes.get(char);
    if (number !== undefined) {
      const after = this.next[state][number];
      if (after >= 0) return after;
    }
    if (this.wide.length) {
      const code = char.codePointAt(0);
      for (const [low, high, wide] of this.wide) if (low <= code && code <= high) return this.next[state][wide];
    }
    return -1;
  }

  /** Whether the whole text belongs to the language. */
  accepts(text) {
    if (!this.next.length) return false;
    let state = 0;
    for (const char of text) {
      state = this.step(state, char);
      if (state < 0) return false;
    }
    return this.accepting.has(state);
  }

  /** Whether some text of the language contains the character. */
  holds(char) {
    return this.next.some((_, state) => this.step(state, char) >= 0);
  }
}

/** A problem, note or rejection in its JSON form. */
export function problem(reason, field, found, expected, close = null) {
  return { reason, field, found, expected, nearest: close };
}

/** What one field may hold, and how it is written. Subclasses know one type each. */
export class Field {
  constructor(name, spec, codec) {
    this.name = name;
    this.spec = spec;
    this.codec = codec;
    this.fixed = null;
    this.maxLength = spec.max_length ?? null;
    this.only = codec.automaton(spec.dfa ?? null);
    this.memory = new Map();
    this.looseMemory = new Map();
    this.nearMemory = new Map();
    this.described_ = null;
  }

  /** Value, the right spelling and the reason, for a text that is readable though not right. */
  readLoosely(text) {
    const folded = fold(text);
    const value = folded === text ? null : this.read(folded);
    return value === null ? null : [value, folded, "case"];
  }

  looselyHolds(char) {
    return this.holds(fold(char));
  }

  /** What belongs here, in words. */
  expected() {
    this.described_ ??= this.described();
    return this.described_;
  }

  choices() {
    return null;
  }

  near() {
    return null;
  }

  /** The allowed spelling that the text most likely meant; remembered. */
  nearest(text) {
    if (!this.nearMemory.has(text)) {
      if (this.nearMemory.size > MEMORY) this.nearMemory.clear();
      this.nearMemory.set(text, this.near(text));
    }
    return this.nearMemory.get(text);
  }

  spelling(value) {
    return typeof value === "string" ? value : shown(value);
  }

  /** Canonical spelling, note, problem: of the last two at most one. */
  write(value) {
    const text = this.spelling(value);
    if (text !== "" && this.read(text) !== null) return [text, null, null];
    const loose = size(text) <= MAX_TEXT ? this.readLoosely(text) : null;
    if (loose !== null && loose[1] !== null && loose[2] !== "retired") {
      const note = problem(loose[2], this.name, text, this.expected());
      note.right = loose[1];
      return [loose[1], note, null];
    }
    const close = loose !== null ? loose[1] : this.nearest(text);
    const reason = loose !== null && loose[2] === "retired" ? "word-retired" : this.refusal(text);
    return [null, null, problem(reason, this.name, text, this.expected(), close)];
  }

  refusal() {
    return "value-invalid";
  }
}

/** The words of a vocabulary, or a set of its own. */
export class Words extends Field {
  constructor(name, spec, codec) {
    super(name, spec, codec);
    this.loose = new Map();
    this.deprecated = new Map();
    this.values =
      spec.type === "set"
        ? new Map(spec.values.map((value) => [shown(value), value]))
        : this.vocabulary(codec.vocabulary(spec.vocabulary), spec.only ?? null);
    for (const [text, value] of this.values) {
      if (!this.values.has(fold(text))) this.loose.set(fold(text), [value, text, "case"]);
    }
    if (this.values.size === 1 && (spec.type === "set" || spec.only !== undefined)) {
      [this.fixed] = this.values.keys();
    }
    this.chars = new Set([...this.values.keys()].join(""));
    this.looseChars = new Set([...this.chars, ...[...this.loose.keys()].join("")]);
  }

  vocabulary(words, only) {
    const wanted = only === null ? null : new Set(only);
    const allowed = new Map();
    for (const [word, details] of words) {
      if (details.status !== "retired" && (wanted === null || wanted.has(word))) allowed.set(word, word);
    }
    const add = (text, entry) => {
      if (!this.loose.has(text)) this.loose.set(text, entry);
    };
    for (const [word, details] of words) {
      let right = allowed.has(word) ? word : null;
      const replaced = details.replaced_by ?? null;
      if (details.status === "retired") {
        right = allowed.has(replaced) ? replaced : null;
        add(fold(word), [word, right, "retired"]);
      } else if (details.status === "deprecated") {
        this.deprecated.set(word, replaced);
      }
      if (right === null) continue;
      for (const alias of details.aliases || []) {
        if (!allowed.has(alias) && !allowed.has(fold(alias))) add(fold(alias), [word, right, "alias"]);
      }
    }
    return allowed;
  }

  read(text) {
    return this.values.has(text) ? this.values.get(text) : null;
  }

  readLoosely(text) {
    const folded = fold(text);
    if (folded !== text && this.values.has(folded)) return [this.values.get(folded), folded, "case"];
    return this.loose.get(folded) ?? null;
  }

  holds(char) {
    return this.chars.has(char);
  }

  looselyHolds(char) {
    return this.looseChars.has(fold(char));
  }

  described() {
    const words = [...this.values.keys()];
    const listed = words.slice(0, 12).join(", ") + (words.length > 12 ? ` and ${words.length - 12} more` : "");
    return words.length === 1 ? listed : `one of ${listed}`;
  }

  choices() {
    return [...this.values.keys()];
  }

  near(text) {
    const close = nearest(text, [...this.values.keys(), ...this.loose.keys()]);
    return close !== null && this.loose.has(close) && !this.values.has(close) ? this.loose.get(close)[1] : close;
  }

  refusal() {
    return "word-unknown";
  }
}

/** A free word: a pattern and a length. */
export class Text extends Field {
  constructor(name, spec, codec) {
    super(name, spec, codec);
    this.shortest = spec.min || 0;
    this.longest = spec.max ?? MAX_TEXT;
  }

  read(text) {
    const length = size(text);
    const fits = this.shortest <= length && length <= this.longest;
    return fits && (this.only === null || this.only.accepts(text)) ? text : null;
  }

  holds(char) {
    return this.only === null || this.only.holds(char);
  }

  described() {
    const sort = this.spec.slug ? "a word of a-z, 0-9 and -" : `text that matches ${shown(this.spec.shown)}`;
    const refused = (this.spec.nots ?? []).join(" or ");
    return `${sort}, at most ${this.longest} characters${refused ? `, with no ${refused}` : ""}`;
  }

  near(text) {
    const close = slug(text).slice(0, this.longest).replace(/^-+|-+$/g, "");
    return close && this.read(close) !== null ? close : null;
  }
}

/** A whole number, in decimal and without leading zeros. One beyond 2^53 is a BigInt. */
export class Integer extends Field {
  read(text) {
    if (!/^-?[0-9]+$/.test(text) || text.replace("-", "").length > MAX_DIGITS) return null;
    if (/^-?0/.test(text) && text !== "0") return null;
    const value = BigInt(text);
    if (value < BigInt(this.spec.min) || value > BigInt(this.spec.max)) return null;
    return Number.isSafeInteger(Number(text)) ? Number(text) : value;
  }

  readLoosely(text) {
    const plain = text.replace(/^0+/, "") || "0";
    const value = /^[0-9]+$/.test(text) ? this.read(plain) : null;
    return value === null || plain === text ? null : [value, plain, "zeros"];
  }

  holds(char) {
    return (char.length === 1 && "0123456789".includes(char)) || (char === "-" && this.spec.min < 0);
  }

  described() {
    return `a whole number from ${this.spec.min} to ${this.spec.max}`;
  }
}

/** A day, month, quarter or year: `2026-11` as a value, `202611` as it is written. Years 2000 to 2099. */
export class DateField extends Field {
  constructor(name, spec, codec) {
    super(name, spec, codec);
    this.unit = spec.unit;
    this.length = { day: 8, month: 6, quarter: 6, year: 4 }[this.unit];
  }

  read(text) {
    if (text.length !== this.length || !text.startsWith("20")) return null;
    const year = text.slice(0, 4);
    const rest = text.slice(4);
    let value;
    if (this.unit === "quarter") {
      if (!/^[0-9]{4}q[1-4]$/.test(text)) return null;
      value = `${year}-Q${rest[1]}`;
    } else {
      if (!/^[0-9]+$/.test(text)) return null;
      const month = Number(rest.slice(0, 2) || "1");
      if (month < 1 || month > 12) return null;
      if (this.unit === "day") {
        const days = MONTH_DAYS[month - 1] + (month === 2 && Number(year) % 4 === 0 ? 1 : 0);
        const day = Number(rest.slice(2));
        if (day < 1 || day > days) return null;
      }
      value = [year, rest.slice(0, 2), rest.slice(2)].filter(Boolean).join("-");
    }
    return this.only === null || this.only.accepts(value) ? value : null;
  }

  holds(char) {
    return (char.length === 1 && "0123456789".includes(char)) || (char === "q" && this.unit === "quarter");
  }

  described() {
    const example = DATE_EXAMPLES[this.unit];
    return `a ${this.unit} as ${DATE_FORMS[this.unit]}, ${fold(example.replaceAll("-", ""))} for ${example}`;
  }

  write(value) {
    const text = this.spelling(value);
    let written = this.unit === "quarter" ? text.replaceAll("-Q", "q") : text.replaceAll("-", "");
    if (this.read(written) === text) return [written, null, null];
    written = fold(text).replace(/[-/. ]/g, "");
    if (this.read(written) === null) {
      const expected = `a ${this.unit}, such as ${DATE_EXAMPLES[this.unit]}`;
      return [null, null, problem("date-invalid", this.name, text, expected)];
    }
    const note = problem("date-written", this.name, text, this.expected());
    note.right = this.read(written);
    return [written, note, null];
  }
}

/** A registry id: six characters of which the last checks the others. */
export class Identifier extends Field {
  read(text) {
    if (text.length !== ID_LENGTH || text[0] < "b") return null;
    let total = 0;
    for (let place = 0; place < ID_LENGTH; place += 1) {
      const value = ID_ALPHABET.indexOf(text[place]);
      if (value < 0) return null;
      total += (place + 1) * value;
    }
    return total % 29 === 0 ? text : null;
  }

  holds(char) {
    return char.length === 1 && ID_ALPHABET.includes(char);
  }

  described() {
    return `the ${this.spec.of}'s registry id, 6 characters of ${ID_ALPHABET}`;
  }

  refusal(text) {
    const plain = fold(text);
    const shaped = plain.length === ID_LENGTH && plain[0] >= "b" && [...plain].every((char) => this.holds(char));
    return shaped ? "id-mistyped" : "id-invalid";
  }
}

/** A name inside a name: whatever the other contract's template builds. */
export class Name extends Field {
  target() {
    return this.codec.contract(this.spec.of);
  }

  read(text) {
    if (this.maxLength !== null && size(text) > this.maxLength) return null;
    return this.target().readName(text).length ? text : null;
  }

  readLoosely(text) {
    for (const reading of this.target().readName(text, true)) {
      const right = this.target().rebuild(reading);
      if (right === null || this.read(right) !== null) return [right === null ? text : right, right, "name"];
    }
    return null;
  }

  holds(char) {
    return this.target().holds(char);
  }

  looselyHolds(char) {
    return this.target().holds(fold(char)) || (char.length === 1 && "_-".includes(char));
  }

  described() {
    return `a name of ${this.spec.of}, ${this.target().pattern()}`;
  }

  refusal() {
    return "name-invalid";
  }
}

export const TYPES = {
  word: Words,
  set: Words,
  text: Text,
  integer: Integer,
  date: DateField,
  id: Identifier,
  name: Name,
};
