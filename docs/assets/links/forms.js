// How a contract is written: templates, macros, and forms, which hold one of them per parameter.
// A port of canonry.naming.runtime.forms.

import { fold, nearest, shown, size } from "./text.js";
import { ABSENT, MAX_TEXT, MEMORY, problem } from "./values.js";

export const MAX_READINGS = 8;
const TEXTS = 2_000;

const unique = (items) => [...new Set(items)];
const fieldsOf = (items) => items.filter((_, place) => place % 2 === 1);

/** The values without those that are absent. */
export function present(values) {
  const found = {};
  for (const name of Object.keys(values)) if (values[name] !== null) found[name] = values[name];
  return found;
}

/** One written form: flat shapes of literals (even places) and fields (odd), per set of absent fields. */
export class Template {
  constructor(table, fields) {
    this.text = table.text;
    this.marks = new Set(table.marks || []);
    this.shapes = table.shapes.map((shape) => [shape.items, new Set(shape.absent || [])]);
    this.fields = fields;
    this.names = unique(this.shapes.flatMap(([items]) => fieldsOf(items)));
    const only = this.shapes.length === 1 ? this.shapes[0][0] : null;
    const bare = only !== null && only.length === 3 && only[0] === "" && only[2] === "";
    this.sole = bare ? only[1] : null;
    this.constant = only !== null && only.length === 1 ? only[0] : null;
    this.only = only;
    this.plans = new Map();
    this.memory = new Map();
    this.looseMemory = new Map();
    this.accounts = new Map();
  }

  /** The text for these spellings (null: absent); null where no shape leaves out just what is absent. */
  build(written) {
    const write = (items) => items.map((item, place) => (place % 2 ? written[item] || ABSENT : item)).join("");
    if (this.only !== null) return write(this.only);
    const absent = this.names.filter((name) => (written[name] ?? null) === null && !this.marks.has(name));
    for (const [items, without] of this.shapes) {
      if (without.size === absent.length && absent.every((name) => without.has(name))) return write(items);
    }
    return null;
  }

  /** Every reading, as values (null: absent) and notes; callers must not change it. */
  read(text, loosely = false) {
    const memory = loosely ? this.looseMemory : this.memory;
    let found = memory.get(text);
    if (found === undefined) {
      found = this.found(text, loosely);
      if (memory.size > TEXTS) memory.clear();
      memory.set(text, found);
    }
    return found;
  }

  found(text, loosely) {
    if (size(text) > MAX_TEXT) return [];
    if (!this.plans.has(loosely)) {
      this.plans.set(loosely, this.shapes.map(([items]) => this.plan(items, loosely)));
    }
    const plans = this.plans.get(loosely);
    const found = [];
    for (let number = 0; number < this.shapes.length; number += 1) {
      const [items, absent] = this.shapes[number];
      const [linear, slots] = plans[number];
      const without = () => Object.fromEntries(Array.from(absent, (name) => [name, null]));
      if (linear) {
        const straight = readStraight(items[0], slots, text, loosely);
        if (straight !== null) found.push(absent.size ? [{ ...without(), ...straight[0] }, straight[1]] : straight);
        continue;
      }
      for (const [values, notes] of readWalking(items[0], slots, text, loosely)) {
        found.push([{ ...without(), ...values }, notes]);
        if (found.length >= MAX_READINGS) return found;
      }
    }
    return found;
  }

  /** Whether each slot ends where the next literal first occurs; the slots and what follows them. */
  plan(items, loosely) {
    let linear = true;
    const slots = [];
    const seen = new Set();
    for (let place = 1; place < items.length; place += 2) {
      const field = this.fields.get(items[place]);
      const after = items[place + 1];
      const last = place + 2 === items.length;
      const first = [...after][0];
      const stops = last || (after !== "" && !(loosely ? field.looselyHolds(first) : field.holds(first)));
      linear = linear && stops && !seen.has(field.name);
      seen.add(field.name);
      slots.push({ field, after, last, stops, mark: this.marks.has(field.name) });
    }
    return [linear, slots];
  }
}

/** The one reading of a shape whose every slot ends where the next literal first occurs. */
function readStraight(first, slots, text, loosely) {
  const search = loosely ? fold(text) : text;
  if (first && !search.startsWith(first)) return null;
  let at = first.length;
  const values = {};
  const notes = [];
  for (const { field, after, last, mark } of slots) {
    let end;
    if (last) {
      end = text.length - after.length;
      if (end < at || (after && !search.endsWith(after))) return null;
    } else {
      end = search.indexOf(after, at);
      if (end < 0) return null;
    }
    const piece = text.slice(at, end);
    at = end + after.length;
    let value = field.memory.get(piece);
    if (value === undefined) {
      if (mark && fold(piece) === ABSENT && (loosely || piece === ABSENT)) {
        values[field.name] = null;
        continue;
      }
      value = field.read(piece);
      if (value === null) {
        const read = loosely ? readPiece(field, piece, true) : null;
        if (read === null) return null;
        value = read[0];
        notes.push(read[1]);
      } else {
        if (field.memory.size > MEMORY) field.memory.clear();
        field.memory.set(piece, value);
      }
    }
    values[field.name] = value;
  }
  return at === text.length ? [values, notes] : null;
}

/** Every reading of a shape, by trying each place where a slot may end. Failures are remembered. */
function* readWalking(first, slots, text, loosely) {
  const search = loosely ? fold(text) : text;
  const dead = new Set();
  const state = [];

  function* walk(index, at) {
    if (index === slots.length) {
      if (at === text.length) yield null;
      return;
    }
    const key = index * (text.length + 1) + at;
    if (dead.has(key)) return;
    const { field, after, last, stops, mark } = slots[index];
    let lively = false;
    for (const end of ends(search, at, after, last, stops)) {
      const read =
        mark && search.slice(at, end) === ABSENT ? [null, null] : readPiece(field, text.slice(at, end), loosely);
      if (read === null) continue;
      const earlier = state.find(([name]) => name === field.name);
      if (earlier !== undefined && earlier[1] !== read[0]) {
        lively = true; // it fails only beside that earlier value
        continue;
      }
      state.push([field.name, read[0], read[1]]);
      for (const _ of walk(index + 1, end + after.length)) {
        lively = true;
        yield null;
      }
      state.pop();
    }
    if (!lively) dead.add(key);
  }

  if (search.startsWith(first)) {
    for (const _ of walk(0, first.length)) {
      yield [
        Object.fromEntries(state.map(([name, value]) => [name, value])),
        state.map(([, , note]) => note).filter((note) => note !== null),
      ];
    }
  }
}

/** Value and note of a text; null where it cannot be read. */
function readPiece(field, text, loosely) {
  const value = field.read(text);
  if (value !== null) return [value, null];
  if (!loosely) return null;
  if (!field.looseMemory.has(text)) {
    if (field.looseMemory.size > MEMORY) field.looseMemory.clear();
    field.looseMemory.set(text, field.readLoosely(text));
  }
  const loose = field.looseMemory.get(text);
  if (loose === null) return null;
  const note = problem(loose[2], field.name, text, field.expected(), loose[1]);
  note.right = loose[1];
  return [loose[0], note];
}

/** Where a slot that begins at `at` may end. */
function* ends(text, at, after, last, stops) {
  if (last) {
    const end = text.length - after.length;
    if (end >= at && text.endsWith(after)) yield end;
    return;
  }
  let end = text.indexOf(after, at);
  while (end >= 0) {
    yield end;
    if (stops) return;
    end = end < text.length ? text.indexOf(after, end + 1) : -1;
  }
}

/** A parameter that a platform fills in: the macro itself, or what it becomes. */
export class Macro {
  constructor(table, codec) {
    this.macro = table.macro;
    this.expands = table.expands ?? null;
    this.codec = codec;
    this.pattern = codec.automaton(table.dfa ?? null);
    this.shown = table.pattern;
  }

  /** Every reading: `{}` for a value, `{format, fields}` for a name, `{macro}` if unexpanded. */
  read(text, loosely = false) {
    if (text === this.macro) return [{ macro: text }];
    if (this.expands !== null && this.codec.has(this.expands)) {
      return this.codec
        .contract(this.expands)
        .readName(text, loosely)
        .map((reading) => ({ format: this.expands, fields: present(reading.fields), notes: reading.notes }));
    }
    return this.pattern !== null && this.pattern.accepts(text) ? [{}] : [];
  }

  expected() {
    const what = this.expands ? `a name of ${this.expands}` : `what it becomes: ${shown(this.shown)}`;
    return `${this.macro}, or ${what}`;
  }
}

/** One way in which a contract is written: parameter to template or macro, in the order of the link. */
export class Form {
  constructor(contract, platform, table, legacy = false) {
    this.contract = contract;
    this.platform = platform;
    this.legacy = legacy;
    this.loose = new Set(table.loose || []);
    this.templates = new Map();
    this.macros = new Map();
    this.keys = Object.keys(table.params);
    this.known = new Set(this.keys);
    for (const key of this.keys) {
      const part = table.params[key];
      if (part.macro !== undefined) this.macros.set(key, new Macro(part, contract.codec));
      else this.templates.set(key, contract.template(part));
    }
    this.names = unique([...this.templates.values()].flatMap((template) => template.names));
    this.macroKeys = [...this.macros.keys()];
    this.combinations = contract.combinations.map(({ names, rows }) => [
      names.filter((name) => this.names.includes(name)).map((name) => names.indexOf(name)),
      names,
      rows,
    ]);
    this.plan = this.keys.map((key) => ({ key, ...this.planned(key) }));
  }

  /** How a parameter is read quickly: by comparison, by one field, by its template, or as a macro. */
  planned(key) {
    if (this.macros.has(key)) return { kind: "macro", part: this.macros.get(key), shared: false };
    const template = this.templates.get(key);
    const before = this.keys.slice(0, this.keys.indexOf(key)).filter((other) => this.templates.has(other));
    const shared = before.some((other) =>
      this.templates.get(other).names.some((name) => template.names.includes(name)),
    );
    if (template.constant !== null) return { kind: "constant", part: template.constant, shared };
    if (template.sole !== null && !template.marks.size) {
      return { kind: "sole", part: template.fields.get(template.sole), shared };
    }
    return { kind: "template", part: template, shared };
  }

  /** The allowed combination that the values break; null where they break none. */
  mixed(values) {
    for (const [places, names, rows] of this.combinations) {
      if (!places.length) continue;
      const spelled = places.map((place) => {
        const value = values[names[place]] ?? null;
        return value === null ? ABSENT : shown(value);
      });
      let kept = rows;
      places.forEach((place, number) => {
        kept = kept.filter((row) => row[place] === null || row[place].has(spelled[number]));
      });
      if (kept.length) continue;
      const found = places.map((place, number) => `${names[place]} ${spelled[number]}`).join(", ");
      const expected = allowed(places, names, rows, spelled);
      const refused = problem("combination", names[places[places.length - 1]], found, expected);
      refused.fields = places.map((place) => names[place]);
      return refused;
    }
    return null;
  }

  /** Parameters for these values, as `Codec.build` answers. */
  build(fields) {
    const { params, notes, problems } = this.params(fields);
    return {
      ok: !problems.length,
      format: this.contract.id,
      platform: this.platform,
      params,
      macros: this.macroKeys,
      notes,
      problems,
    };
  }

  /** Parameters in order, notes and problems; no parameters where there are problems. */
  params(fields) {
    const { contract } = this;
    const notes = [];
    const problems = contract.strangers(fields);
    const written = {};
    for (const name of this.names) {
      const raw = Object.hasOwn(fields, name) ? fields[name] : null;
      if (raw === null || raw === undefined || raw === "") {
        const field = contract.fields.get(name);
        const needed = contract.required.has(name);
        written[name] = needed ? field.fixed : null;
        if (needed && field.fixed === null) {
          problems.push(problem("field-missing", name, null, field.expected()));
        }
        continue;
      }
      const [text, note, refused] = contract.remembered(name, raw);
      written[name] = text;
      if (note !== null) notes.push(note);
      if (refused !== null) problems.push(refused);
    }
    const params = [];
    if (problems.length) return { params, notes, problems };
    for (const key of this.keys) {
      const macro = this.macros.get(key);
      const built = macro ? macro.macro : this.templates.get(key).build(written);
      if (built === null) problems.push(together(this.templates.get(key), written));
      else if (built) params.push([key, built]);
    }
    const mixed = this.combinations.length ? this.mixed(written) : null;
    if (mixed !== null) problems.push(mixed);
    return { params: problems.length ? [] : params, notes, problems };
  }

  /** Every reading of a link's parameters; parameters that the form does not know are not looked at. */
  read(params, loosely = false) {
    let states = [[{}, [], {}]];
    for (const { key, kind, part, shared } of this.plan) {
      const text = params.get(key) ?? "";
      if (kind === "constant" && text === part) continue;
      if (kind === "sole" && states.length === 1) {
        let value = part.memory.get(text);
        if (value === undefined) value = part.read(text);
        if (value !== null) {
          const values = states[0][0];
          if (shared && Object.hasOwn(values, part.name) && values[part.name] !== value) return [];
          values[part.name] = value;
          continue;
        }
      } else if (kind === "template" && states.length === 1) {
        const readings = part.read(text);
        if (readings.length === 1) {
          const values = states[0][0];
          const more = readings[0][0];
          for (const name of Object.keys(more)) {
            if (shared && Object.hasOwn(values, name) && values[name] !== more[name]) return [];
          }
          Object.assign(values, more);
          continue;
        }
      }
      states = this.further(states, key, text, !params.has(key), loosely);
      if (!states.length) return [];
    }
    if (this.combinations.length) states = states.filter(([values]) => this.mixed(values) === null);
    return states.slice(0, MAX_READINGS).map(([fields, notes, expanded]) => ({
      format: this.contract.id,
      platform: this.platform,
      fields,
      notes,
      expanded,
    }));
  }

  /** The states after one more parameter. */
  further(states, key, text, absent, loosely) {
    const macro = this.macros.get(key);
    if (macro) {
      const seen = macro.read(text, loosely);
      return states
        .flatMap(([values, notes, expanded]) =>
          seen.map((each) => [values, [...notes, ...(each.notes || [])], { ...expanded, [key]: each }]),
        )
        .slice(0, MAX_READINGS);
    }
    if (absent && this.loose.has(key)) return states;
    const template = this.templates.get(key);
    if (template.constant !== null) {
      if (!loosely || fold(text) !== template.constant) return [];
      const note = problem("case", null, text, template.constant, template.constant);
      note.right = template.constant;
      note.param = key;
      return states.map(([values, notes, expanded]) => [values, [...notes, note], expanded]);
    }
    const merged = [];
    for (const [values, notes, expanded] of states) {
      for (const [more, extra] of template.read(text, loosely)) {
        const agrees = Object.keys(more).every(
          (name) => !Object.hasOwn(values, name) || values[name] === more[name],
        );
        if (agrees) {
          const marked = extra.map((note) => (note.param === undefined ? { ...note, param: key } : note));
          merged.push([{ ...values, ...more }, [...notes, ...marked], expanded]);
        }
      }
    }
    return merged.slice(0, MAX_READINGS);
  }
}

function allowed(places, names, rows, spelled) {
  const fitting = rows.filter((row) => row[places[0]] === null || row[places[0]].has(spelled[0]));
  return (fitting.length ? fitting : rows)
    .slice(0, 4)
    .map((row) =>
      places
        .map((place) => {
          const cell = row[place] === null ? "any" : [...row[place]].sort().slice(0, 6).join(" or ");
          return `${names[place]} ${cell}`;
        })
        .join(", "),
    )
    .join("; or ");
}

function together(template, written) {
  const absent = template.names.filter((name) => (written[name] ?? null) === null && !template.marks.has(name));
  const expected = `a value, or none for the others of its part of ${template.text}`;
  return problem("fields-together", absent[0], null, expected);
}

/** The problem of a field that the contract does not have. */
export function unknown(name, value, known) {
  return problem("field-unknown", name, value, `one of ${known.join(", ")}`, nearest(name, known));
}
