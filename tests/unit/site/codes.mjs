// QR codes of texts: reads [text, mask] pairs as JSON from standard input, answers version, level and rows.

import { readFileSync } from "node:fs";

import { encode } from "../../../docs/assets/links/qr.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const rows = (code) => code.rows.map((row) => row.map((dark) => (dark ? 1 : 0)).join(""));
process.stdout.write(
  JSON.stringify(cases.map(([text, mask]) => encode(text, mask)).map((code) => [code.version, code.level, rows(code)])),
);
