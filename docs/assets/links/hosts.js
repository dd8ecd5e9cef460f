// Host names with letters beyond a-z, as browsers send them: nameprep and punycode (RFC 3491, RFC 3492).

import { ascii } from "./text.js";

const DOTS = /[.\u3002\uff0e\uff61]/;
const DROPPED = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/g;
const PROHIBITED = new RegExp(
  "[\\xa0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u3000" + // white space
    "\\x80-\\x9f\\u06dd\\u070f\\u180e\\u200c-\\u200f\\u2028-\\u202e\\u2060-\\u2063\\u206a-\\u206f\\ufeff\\ufff9-\\uffff" +
    "\\ue000-\\uf8ff\\ufdd0-\\ufdef\\ud800-\\udfff\\u2ff0-\\u2ffb\\u0340\\u0341" +
    "\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}\\u{f0000}-\\u{10ffff}]",
  "u",
);
/** Table D.1 of RFC 3454: not by script, since Arabic digits and marks have no direction of their own. */
const RIGHT_TO_LEFT = new RegExp(
  "[\\u05be\\u05c0\\u05c3\\u05d0-\\u05ea\\u05f0-\\u05f4\\u061b\\u061f\\u0621-\\u063a\\u0640-\\u064a\\u066d-\\u066f" +
    "\\u0671-\\u06d5\\u06dd\\u06e5\\u06e6\\u06fa-\\u06fe\\u0700-\\u070d\\u0710\\u0712-\\u072c\\u0780-\\u07a5\\u07b1" +
    "\\u200f\\ufb1d\\ufb1f-\\ufb28\\ufb2a-\\ufb36\\ufb38-\\ufb3c\\ufb3e\\ufb40\\ufb41\\ufb43\\ufb44\\ufb46-\\ufbb1" +
    "\\ufbd3-\\ufd3d\\ufd50-\\ufd8f\\ufd92-\\ufdc7\\ufdf0-\\ufdfc\\ufe70-\\ufe74\\ufe76-\\ufefc]",
);
const LETTER = /\p{L}/u;

/** One character without case, whole words for ligatures and the like. */
function caseless(char) {
  if (char === "\u0131") return char; // the dotless i of Turkish is no i
  return char.toUpperCase().toLowerCase();
}

function prepared(label) {
  const mapped = [...label.replace(DROPPED, "")]
    .map((char) => [...caseless(char).normalize("NFKC")].map(caseless).join(""))
    .join("")
    .normalize("NFKC");
  if (PROHIBITED.test(mapped)) return null;
  const chars = [...mapped];
  const backwards = chars.map((char) => RIGHT_TO_LEFT.test(char));
  if (backwards.includes(true)) {
    if (chars.some((char, place) => LETTER.test(char) && !backwards[place])) return null;
    if (!backwards[0] || !backwards[backwards.length - 1]) return null;
  }
  return mapped;
}

function adapted(delta, count, first) {
  let left = Math.floor(delta / (first ? 700 : 2));
  left += Math.floor(left / count);
  let steps = 0;
  while (left > 455) {
    left = Math.floor(left / 35);
    steps += 36;
  }
  return steps + Math.floor((36 * left) / (left + 38));
}

/** Punycode of a label, without its prefix. */
export function punycode(label) {
  const digits = "abcdefghijklmnopqrstuvwxyz0123456789";
  const codes = [...label].map((char) => char.codePointAt(0));
  const basic = codes.filter((code) => code < 128);
  let out = basic.map((code) => String.fromCharCode(code)).join("");
  let handled = basic.length;
  if (handled) out += "-";
  let bias = 72;
  let delta = 0;
  let low = 128;
  while (handled < codes.length) {
    const next = Math.min(...codes.filter((code) => code >= low));
    delta += (next - low) * (handled + 1);
    low = next;
    for (const code of codes) {
      if (code < low) delta += 1;
      if (code !== low) continue;
      let left = delta;
      for (let base = 36; ; base += 36) {
        const limit = Math.min(26, Math.max(1, base - bias));
        if (left < limit) break;
        out += digits[limit + ((left - limit) % (36 - limit))];
        left = Math.floor((left - limit) / (36 - limit));
      }
      out += digits[left];
      bias = adapted(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    low += 1;
  }
  return out;
}

/** A host in letters of a-z; empty where it cannot be one. */
export function asciiHost(host) {
  const labels = host ? host.split(DOTS) : [];
  const dot = labels.length && !labels[labels.length - 1] ? "." : "";
  if (dot) labels.pop();
  const found = [];
  for (const label of labels) {
    const plain = ascii(label) ? label : prepared(label);
    if (plain === null) return "";
    if (!ascii(plain) && plain.startsWith("xn--")) return "";
    const written = ascii(plain) ? plain : `xn--${punycode(plain)}`;
    if (!written.length || written.length > 63) return "";
    found.push(written);
  }
  return found.join(".") + dot;
}

// Digits of any script, and those in circles or raised, which Python counts as digits too.
const DIGITS =
  /^[\p{Nd}\xb2\xb3\xb9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]+$/u;

/** Whether a text is made of digits. */
export function digits(text) {
  return DIGITS.test(text);
}
