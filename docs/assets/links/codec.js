// Builds and reads names and links from the compiled table, and explains what it cannot read.
// A port of canonry.naming.runtime.codec: what goes in and comes out is the same JSON. Parameters are a Map
// from key to text, since a link may name a parameter like anything.

import { Form, Template, present, unknown } from "./forms.js";
import { explained } from "./rejections.js";
import { fold, own, rpartition, sameLetters, strip } from "./text.js";
import { ABSENT, Automaton, MEMORY, TYPES, Words, problem } from "./values.js";

/** One contract of the table, with its fields and forms; made when first used. */
export class Contract {
  constructor(codec, identifier, table) {
    this.codec = codec;
    this.id = identifier;
    this.table = table;
    this.kind = table.kind;
    this.major = Number(rpartition(identifier, "/v")[2]);
    this.required = new Set(table.required);
    this.fields = new Map(
      Object.entries(table.fields).map(([name, spec]) => [name, new TYPES[spec.type](name, spec, codec)]),
    );
    this.written = new Map();
    this.deprecated = [...this.fields]
      .filter(([, field]) => field instanceof Words && field.deprecated.size)
      .map(([name, field]) => [name, field.deprecated]);
    this.combinations = (table.combinations || []).map((entry) => ({
      names: entry.fields,
      rows: entry.rows.map((row) => row.map((cell) => (cell === null ? null : new Set(cell)))),
    }));
    this.templates = new Map();
    this.forms = new Map(
      Object.entries(table.forms).map(([key, form]) => [key, new Form(this, key === "static" ? null : key, form)]),
    );
    this.older = (table.legacy || []).map((form) => new Form(this, null, form, true));
    this.held = new Map();
    const [first, ...others] = this.forms.values();
    this.common = new Map(
      [...first.templates].filter(([key, template]) =>
        others.every((form) => form.templates.get(key) === template),
      ),
    );
  }

  /** The template of a parameter; forms that write it alike share it. */
  template(table) {
    if (!this.templates.has(table.text)) this.templates.set(table.text, new Template(table, this.fields));
    return this.templates.get(table.text);
  }

  /** The form of a platform, or the static one where the platform has none of its own. */
  form(platform = null) {
    return this.forms.get(platform ?? "static") || this.forms.get("static");
  }

  pattern() {
    return [...this.form().templates.values()].map((template) => template.text).join(" or ");
  }

  /** Whether a name of the contract may contain the character. */
  holds(char) {
    let known = this.held.get(char);
    if (known === undefined) {
      const template = this.form().templates.get("name");
      known = template.shapes.some(([items]) =>
        items.some((item, place) => (place % 2 ? this.fields.get(item).holds(char) : item.includes(char))),
      );
      known = known || (template.marks.size > 0 && char === ABSENT[0]);
      this.held.set(char, known);
    }
    return known;
  }

  /** Canonical spelling of a field's value, note, problem. */
  spelling(name, raw) {
    const [text, first, refused] = this.fields.get(name).write(raw);
    if (text === ABSENT && !this.required.has(name)) {
      const expected = `another word: ${ABSENT} stands for no value`;
      return [null, null, problem("absent-mark", name, text, expected)];
    }
    const field = this.fields.get(name);
    const after = field instanceof Words ? field.deprecated : new Map();
    if (first === null && after.has(text)) {
      const next = after.get(text);
      const note = problem("word-deprecated", name, text, next || "another word", next);
      note.right = text;
      return [text, note, refused];
    }
    return [text, first, refused];
  }

  /** `spelling`, remembered for texts. */
  remembered(name, raw) {
    if (typeof raw !== "string") return this.spelling(name, raw);
    if (!this.written.has(name)) this.written.set(name, new Map());
    const memory = this.written.get(name);
    if (!memory.has(raw)) {
      if (memory.size > MEMORY) memory.clear();
      memory.set(raw, this.spelling(name, raw));
    }
    return memory.get(raw);
  }

  /** One problem per given field that the contract does not have. */
  strangers(fields) {
    const known = [...this.fields.keys()];
    return Object.keys(fields)
      .filter((name) => !this.fields.has(name))
      .map((name) => unknown(name, fields[name], known));
  }

  /** What `Codec.build` answers. */
  build(fields, platform = null) {
    const built = this.form(platform).build(fields);
    built.name = this.kind !== "utm" && built.params.length ? built.params[0][1] : null;
    return built;
  }

  /** Readings under the first way of writing that gives any: today's, a platform's, an older one. */
  read(params, given, loosely) {
    const common = [...this.common].every(([key, template]) => template.read(params.get(key) ?? "", loosely).length);
    for (const form of common ? [...this.forms.values(), ...this.older] : this.older) {
      const readings = form.read(params, loosely);
      if (readings.length) return readings.map((reading) => this.settled(reading, form, given, params));
    }
    return [];
  }

  /** The reading with its status, and notes on older templates, deprecated words, foreign parameters. */
  settled(reading, form, given, params) {
    const notes = [...reading.notes];
    let wrong = notes.length > 0 || form.legacy;
    if (form.legacy) notes.push(problem("legacy", null, null, "today's template"));
    for (const key of given) {
      if (!form.known.has(key)) {
        wrong = true;
        const note = problem("parameter-foreign", null, params.get(key), "no such parameter");
        notes.push({ ...note, param: key });
      }
    }
    for (const [name, after] of this.deprecated) {
      const value = reading.fields[name] ?? null;
      if (value !== null && after.has(value)) {
        const next = after.get(value);
        const note = problem("word-deprecated", name, value, next || "another word", next);
        note.right = value;
        notes.push(note);
      }
    }
    return { ...reading, notes, status: wrong ? "readable" : "right" };
  }

  /** Every reading of a name under the current template. */
  readName(text, loosely = false) {
    return this.form().read(new Map([["name", text]]), loosely);
  }

  /** The right spelling of a name that was read loosely; null where a word of it has no successor. */
  rebuild(reading) {
    const right = this.right(reading);
    return right === null ? null : (right.get("name") ?? null);
  }

  /** The right parameters for a reading; null where today's form needs a value that it has not. */
  right(reading) {
    const values = present(reading.fields);
    for (const note of reading.notes) {
      if (note.field !== null && Object.hasOwn(values, note.field) && note.reason !== "word-deprecated") {
        if ((note.right ?? null) === null) return null;
        values[note.field] = note.right;
      }
    }
    const { params, problems } = this.form(reading.platform).params(values);
    return problems.length ? null : new Map(params);
  }
}

/** Everything that a compiled table can build and read. Parts are made when first used. */
export class Codec {
  constructor(table) {
    this.table = table;
    this.contracts = new Map();
    this.automata = new Map();
    this.kinds = new Map();
    this.index = null;
    this.keys_ = null;
    this.pairs = new Map();
    this.meant = new Map();
    this.labels = new Map();
  }

  automaton(number) {
    if (number === null) return null;
    if (!this.automata.has(number)) this.automata.set(number, new Automaton(this.table.automata[number]));
    return this.automata.get(number);
  }

  /** The words of a vocabulary: pairs of a word and what is known of it. */
  vocabulary(name) {
    return own(this.table.vocabularies, name).words;
  }

  /** What people call a word of a vocabulary; null where it has none. */
  label(name, word) {
    if (!this.labels.has(name)) {
      this.labels.set(name, new Map(this.vocabulary(name).map(([each, about]) => [each, about.label])));
    }
    return this.labels.get(name).get(word) ?? null;
  }

  has(identifier) {
    return Object.hasOwn(this.table.contracts, identifier);
  }

  contract(identifier) {
    if (!this.contracts.has(identifier)) {
      const table = own(this.table.contracts, identifier);
      if (table === undefined) throw new RangeError(`no contract ${identifier}`);
      this.contracts.set(identifier, new Contract(this, identifier, table));
    }
    return this.contracts.get(identifier);
  }

  /** The contracts of a kind that are read unasked: the active and the deprecated. */
  live(kind) {
    return Object.entries(this.table.contracts)
      .filter(([, each]) => each.kind === kind && ["active", "deprecated"].includes(each.status))
      .map(([identifier]) => identifier);
  }

  /** The contracts that a person means by an id, a short name, an alias or a platform; best first. */
  find(kind, word) {
    const wanted = fold(strip(word));
    const { contracts } = this.table;
    if (Object.hasOwn(contracts, wanted)) return [wanted];
    const live = this.live(kind).filter((identifier) => identifier === this.newest(identifier));
    const called = [
      (identifier) => [contracts[identifier].name, contracts[identifier].title],
      (identifier) => contracts[identifier].aliases,
    ];
    for (const names of called) {
      const found = live.filter((identifier) => names(identifier).some((name) => sameLetters(wanted, name)));
      if (found.length) return found;
    }
    const platform = this.platform(word);
    return live.filter((identifier) => platform !== null && contracts[identifier].platforms.includes(platform));
  }

  /** The newest live major of a contract's name. */
  newest(identifier) {
    const stem = rpartition(identifier, "/")[0];
    const { kind } = this.table.contracts[identifier];
    const majors = this.live(kind).filter((each) => rpartition(each, "/")[0] === stem);
    let best = null;
    for (const each of majors) {
      const number = Number(rpartition(each, "/v")[2]);
      if (best === null || number > best[0]) best = [number, each];
    }
    return best === null ? identifier : best[1];
  }

  /** The platform that a person means by its key, label or alias. */
  platform(word) {
    for (const [key, platform] of Object.entries(this.table.platforms)) {
      if ([key, platform.label || key, ...platform.aliases].some((name) => sameLetters(word, name))) return key;
    }
    return null;
  }

  build(identifier, fields, platform = null) {
    return this.contract(identifier).build(fields, platform);
  }

  /** The fields that a form writes, in order, with what is expected and the choices. */
  needs(identifier, platform = null) {
    const contract = this.contract(identifier);
    return contract.form(platform).names.map((name) => {
      const field = contract.fields.get(name);
      return {
        field: name,
        type: field.spec.type,
        title: field.spec.title ?? null,
        required: contract.required.has(name),
        fixed: field.fixed,
        expected: field.expected(),
        choices: field.choices(),
      };
    });
  }

  /** Every parameter that some format writes. */
  keys() {
    this.keys_ ??= new Set(
      this.kind("utm").flatMap((contract) =>
        [...contract.forms.values(), ...contract.older].flatMap((form) => form.keys),
      ),
    );
    return this.keys_;
  }

  /** The live contracts of a kind. */
  kind(kind) {
    if (!this.kinds.has(kind)) {
      this.kinds.set(kind, this.live(kind).map((identifier) => this.contract(identifier)));
    }
    return this.kinds.get(kind);
  }

  /** What a link's decoded parameters say; see the Python for the members. */
  readParams(params, identifier = null) {
    const keys = this.keys();
    const given = [...params.keys()].filter((key) => keys.has(key) || key.startsWith("utm_"));
    let candidates =
      identifier === null
        ? this.candidates(params.get("utm_source") ?? "", params.get("utm_medium") ?? "")
        : [this.contract(identifier)];
    const strict = this.best(candidates, params, given, false);
    if (strict !== null) return strict;
    if (identifier === null) candidates = this.likely(params);
    return this.best(candidates, params, given, true) ?? this.rejected(candidates, params, given);
  }

  /** What a name says, as `readParams` does; `right` is a text. */
  readName(kind, text, identifier = null) {
    const contracts = identifier === null ? this.kind(kind) : [this.contract(identifier)];
    const params = new Map([["name", text]]);
    const answer = this.best(contracts, params, ["name"], false) ?? this.best(contracts, params, ["name"], true);
    if (answer === null) return this.rejected(contracts, params, ["name"]);
    if (answer.right !== null) answer.right = answer.right.get("name") ?? null;
    return answer;
  }

  best(contracts, params, given, loosely) {
    const readings = contracts.flatMap((contract) => contract.read(params, given, loosely));
    if (!readings.length) return null;
    let best = readings[0];
    for (const reading of readings.slice(1)) if (before(this.rank(reading), this.rank(best))) best = reading;
    const { status } = best;
    let right;
    if (status === "right") {
      const { macros } = this.contract(best.format).form(best.platform);
      right = new Map(given.filter((key) => params.get(key) || macros.has(key)).map((key) => [key, params.get(key)]));
    } else {
      right = this.contract(best.format).right(best);
    }
    return {
      status,
      format: best.format,
      platform: best.platform,
      fields: present(best.fields),
      expanded: best.expanded,
      notes: best.notes,
      rejections: [],
      right,
      readings: readings
        .filter((reading) => reading.status === status)
        .map((reading) => ({
          format: reading.format,
          platform: reading.platform,
          fields: present(reading.fields),
        })),
    };
  }

  /** Best reading first: right, few notes, the static form, the newest major. */
  rank(reading) {
    return [
      reading.status === "right" ? 0 : 1,
      reading.notes.length,
      reading.platform === null ? 0 : 1,
      -this.contract(reading.format).major,
    ];
  }

  rejected(contracts, params, given) {
    const answer = {
      status: "rejected",
      format: null,
      platform: null,
      fields: {},
      expanded: {},
      notes: [],
      rejections: [],
      right: null,
      readings: [],
    };
    const found = explained(contracts, params, given);
    if (found !== null) {
      answer.rejections = found.found;
      answer.fields = present(found.values);
      answer.format = found.form.contract.id;
      answer.platform = found.form.platform;
    }
    return answer;
  }

  /** The contracts that allow this source and medium, as far as they list theirs. */
  candidates(source, medium) {
    const key = pair(source, medium);
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    if (this.index === null) {
      this.index = new Map();
      for (const contract of this.kind("utm")) {
        for (const form of [...contract.forms.values(), ...contract.older]) {
          for (const one of listed(form, "utm_source")) {
            for (const other of listed(form, "utm_medium")) {
              const place = pair(one, other);
              if (!this.index.has(place)) this.index.set(place, new Set());
              this.index.get(place).add(contract);
            }
          }
        }
      }
    }
    const found = new Set();
    for (const place of [key, pair("", medium), pair(source, ""), pair("", "")]) {
      for (const contract of this.index.get(place) || []) found.add(contract);
    }
    if (this.pairs.size > MEMORY) this.pairs.clear();
    this.pairs.set(key, [...found]);
    return this.pairs.get(key);
  }

  /** The contracts that a link most likely means: by its source and medium, else by one of them. */
  likely(params) {
    const source = params.get("utm_source") ?? "";
    const medium = params.get("utm_medium") ?? "";
    const key = pair(source, medium);
    if (!this.meant.has(key)) {
      if (this.meant.size > MEMORY) this.meant.clear();
      const scored = this.kind("utm").map((contract) => [closeness(contract, source, medium), contract]);
      const top = Math.max(0, ...scored.map(([score]) => score));
      this.meant.set(key, scored.filter(([score]) => score === top).map(([, contract]) => contract));
    }
    return this.meant.get(key);
  }
}

/** One key for two texts, whatever they hold. */
function pair(one, other) {
  return `${one.length} ${one} ${other}`;
}

/** Whether one rank comes before another. */
function before(one, other) {
  for (let place = 0; place < one.length; place += 1) {
    if (one[place] !== other[place]) return one[place] < other[place];
  }
  return false;
}

function closeness(contract, source, medium) {
  const form = contract.forms.get("static");
  return (mayBe(form, "utm_medium", medium) ? 3 : 0) + (mayBe(form, "utm_source", source) ? 2 : 0);
}

function mayBe(form, key, text) {
  const template = form.templates.get(key);
  if (template === undefined || !text) return false;
  if (template.constant !== null) return template.constant === fold(text);
  return template.read(text).length > 0 || template.read(text, true).length > 0;
}

/** The spellings that a parameter allows, where they are a list; else one empty text. */
function listed(form, key) {
  const template = form.templates.get(key);
  if (template === undefined || form.loose.has(key)) return [""];
  if (template.constant !== null) return [template.constant];
  const field = template.sole === null || template.marks.size ? null : template.fields.get(template.sole);
  return field instanceof Words ? [...field.values.keys()] : [""];
}
