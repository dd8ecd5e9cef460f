// What the modules do beyond the Python: QR codes, sheets, the address, type-ahead, dates.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode as addressOf } from "../../../docs/assets/links/address.js";
import { search } from "../../../docs/assets/links/combobox.js";
import { dates } from "../../../docs/assets/links/form.js";
import { drawing, encode } from "../../../docs/assets/links/qr.js";
import { links, parse, serialise } from "../../../docs/assets/links/sheet.js";

test("a form survives its address, whatever its fields hold", () => {
  const state = {
    format: "/utm/paid_social/v1", platform: "meta", campaign: "tx7nrz", url: "https://x.example/?a=b&c#d", way: "suffix",
    macros: false, fields: { slug: "a&b=c #%+ü", market: "gb" },
  };
  assert.deepEqual(decode(addressOf(state)), state);
  assert.equal(addressOf({ fields: {}, macros: null }), "");
  assert.deepEqual(decode("#f.__proto__=x&f.constructor=y&macros=perhaps").fields, { constructor: "y" });
  assert.equal(decode("#macros=perhaps").macros, null);
});

test("rows of spreadsheets and of CSV files are read alike", () => {
  const rows = [["a", "b"], ["1", 'say "hi", twice\nnow'], ["", "x"]];
  assert.deepEqual(parse('a\tb\n1\t"say ""hi"", twice\nnow"\n\tx\n\n'), rows);
  assert.deepEqual(parse('\ufeffa,b\r\n1,"say ""hi"", twice\nnow"\r\n,x\r\n'), rows);
  assert.deepEqual(parse("a;b\n1;2"), [["a", "b"], ["1", "2"]]);
  assert.deepEqual(parse(""), []);
});

test("no cell is a formula, and none is lost", () => {
  const text = serialise([["=1+1", "+1", "-1", "@x", "\tx", 'a"b', "c,d", "e\nf", null]]);
  assert.equal(text, '\ufeff\'=1+1,\'+1,\'-1,\'@x,\'\tx,"a""b","c,d","e\nf",\r\n');
});

test("links are taken from lines, or from the column that holds them", () => {
  assert.deepEqual(links("https://a.example/?x\n\n  \nnonsense"), ["https://a.example/?x", "nonsense"]);
  assert.deepEqual(links("name\tlink\nA\thttps://a.example/?utm_source=x\nB\thttps://b.example/"), [
    "https://a.example/?utm_source=x", "https://b.example/",
  ]);
});

test("type-ahead finds labels, words and other spellings, the nearest first, and is quick at 5,000 words", () => {
  const options = [
    { value: "gb", label: "United Kingdom", also: ["uk", "gbr"] },
    { value: "ua", label: "Ukraine" },
    { value: "gbx", label: "Other", also: [] },
    ...Array.from({ length: 5_000 }, (_, place) => ({ value: `word-${place}`, label: `Word ${place}` })),
  ];
  assert.deepEqual(search(options, "UK").map(({ option }) => option.value).slice(0, 2), ["gb", "ua"]);
  assert.equal(search(options, "uk")[0].via, "uk");
  assert.equal(search(options, "united k")[0].option.value, "gb");
  assert.equal(search(options, "ukrane")[0].option.value, "ua");
  assert.equal(search(options, "").length, options.length);
  assert.deepEqual(search(options, "zzzzzzzzz"), []);
});

test("months and quarters around a day are offered", () => {
  const today = new Date(2026, 10, 21);
  assert.deepEqual(dates("month", today)[2], { value: "2026-11", label: "November 2026" });
  assert.ok(dates("quarter", today).some(({ value }) => value === "2027-Q1"));
  assert.equal(dates("year", today)[1].value, "2026");
});

test("a code is drawn in its smallest version, with a quiet zone", () => {
  const code = encode("https://www.example.com/");
  assert.equal(code.rows.length, code.version * 4 + 17);
  assert.ok(code.rows.every((row) => row.every((module) => typeof module === "boolean")));
  const { path, size } = drawing(code);
  assert.equal(size, code.rows.length + 8);
  assert.match(path, /^M4 4h7v1h-7z/);
  assert.equal(encode("x".repeat(3_000)), null);
});
