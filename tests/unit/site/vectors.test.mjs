// Holds the site's modules to the Python: every vector of CANONRY_VECTORS, compared as canonical JSON.

import assert from "node:assert/strict";
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { Batch } from "../../../docs/assets/links/batch.js";
import { Ask, Book, build, target } from "../../../docs/assets/links/building.js";
import { Checker } from "../../../docs/assets/links/checking.js";
import { Findings } from "../../../docs/assets/links/findings.js";
import { asciiHost } from "../../../docs/assets/links/hosts.js";
import { draw, nearMisses, valid } from "../../../docs/assets/links/ids.js";
import { masked, sortOf } from "../../../docs/assets/links/personal.js";
import * as text from "../../../docs/assets/links/text.js";

const FOLDER = process.env.CANONRY_VECTORS;

function escaped(value) {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same text as the generator's `canonical`. */
function canonical(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return escaped(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Map) return canonical(Object.fromEntries(value));
  if (typeof value === "object") {
    const members = Object.keys(value).filter((key) => value[key] !== undefined).sort();
    return `{${members.map((key) => `${escaped(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const OPERATIONS = {
  parse: ({ checker }, link) => checker.read(link),
  build: ({ book, findings }, given) => {
    try {
      const chosen = target(book, given.kind, given.word, { ...given, given: given.fields });
      const answer = build(book, chosen, given.fields, given);
      return { ...answer, findings: findings.ofBuilding(answer) };
    } catch (error) {
      if (!(error instanceof Ask)) throw error;
      return { about: error.about, message: error.message, choices: error.choices };
    }
  },
  needs: ({ book }, { format, platform }) => book.codec.needs(format, platform),
  name: ({ book }, { kind, text: name, format = null }) => book.codec.readName(kind, name, format),
  sheet: ({ book }, { rows: [header, ...rows], defaults }) => {
    const batch = new Batch(book, header, defaults);
    return { understood: batch.understood, repeated: batch.repeated, rows: rows.map((row) => batch.row(row)) };
  },
  landing: ({ book }, url) => {
    const { url: address, notes, problems } = book.pages.look(url);
    return { url: address, notes, problems };
  },
  text: (_, given) => ({
    fold: text.fold(given),
    quote: text.quote(given),
    unquote: text.unquote(given),
    slug: text.slug(given),
    repr: text.repr(given),
    strip: text.strip(given),
    length: text.size(given),
    printable: text.printable(given),
  }),
  nearest: (_, { found, allowed }) => text.nearest(found, allowed),
  host: (_, host) => asciiHost(host),
  personal: (_, { key, value }) => ({
    sort: sortOf(key, value),
    masked: masked(`https://www.example.com/?${key}=${value}`),
    alone: masked(value),
  }),
  id: (_, given) => ({ valid: valid(given), near: nearMisses(given) }),
  draw: (_, chances) => draw(() => chances.shift()),
};

function opened(name) {
  const book = new Book(JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8")));
  return { book, checker: new Checker(book), findings: new Findings(book) };
}

test("every vector has the answer of the Python", { skip: !FOLDER && "CANONRY_VECTORS names no folder" }, async () => {
  const books = { shipped: opened("shipped"), small: opened("small") };
  const wrong = [];
  const counts = {};
  for await (const line of createInterface({ input: createReadStream(`${FOLDER}/vectors.jsonl`) })) {
    const vector = JSON.parse(line);
    counts[vector.op] = (counts[vector.op] ?? 0) + 1;
    let answer;
    try {
      answer = canonical(OPERATIONS[vector.op](books[vector.book], structuredClone(vector.in)));
    } catch (error) {
      answer = String(error.stack);
    }
    if (answer !== vector.out) wrong.push({ op: vector.op, in: vector.in, python: vector.out, javascript: answer });
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ total, ...counts, wrong: wrong.length }));
  if (process.env.CANONRY_WRONG) writeFileSync(process.env.CANONRY_WRONG, JSON.stringify(wrong));
  assert.ok(total >= 5_000, `${total} vectors are too few`);
  assert.deepEqual(wrong.slice(0, Number(process.env.CANONRY_SHOWN ?? 3)), []);
});
