// Text of names and links: case, percent-encoding, query strings, nearest words.
// A port of canonry.naming.runtime.text; tests/unit/site holds both to the same answers.

export const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const MIN_START = 3; // a word of which at least so many letters were typed is offered whole
const CAPITALS = /[A-Z]/;
const SURROGATES = /[\ud800-\udfff]/;

/** The text with A-Z in lower case; nothing else changes. */
export function fold(text) {
  return CAPITALS.test(text) ? text.replace(/[A-Z]+/g, (run) => run.toLowerCase()) : text;
}

/** How many characters a text has; one outside the basic plane counts once. */
export function size(text) {
  return SURROGATES.test(text) ? [...text].length : text.length;
}

/** The first characters of a text. */
export function head(text, count) {
  if (text.length <= count) return text;
  return SURROGATES.test(text) ? [...text].slice(0, count).join("") : text.slice(0, count);
}

/** Whether every character is one of ASCII. */
export function ascii(text) {
  return /^[\x00-\x7f]*$/.test(text);
}

// What Python strips: its white space and JavaScript's differ in a few characters.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]+$`);
export const SPACES = SPACE;

export function lstrip(text) {
  return text.replace(LEADING, "");
}

export function rstrip(text) {
  let end = text.length;
  if (end && !TRAILING.test(text[end - 1])) return text;
  while (end && TRAILING.test(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

export function strip(text) {
  return rstrip(lstrip(text));
}

/** A text cut in three at the first mark; the whole, and two empty texts, where there is none. */
export function partition(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), mark, text.slice(at + mark.length)];
}

/** As `partition`, at the last mark, with the whole at the end. */
export function rpartition(text, mark) {
  const at = text.lastIndexOf(mark);
  return at < 0 ? ["", "", text] : [text.slice(0, at), mark, text.slice(at + mark.length)];
}

/** UTF-8, in which a lone surrogate is written as it stands. */
export function bytes(text) {
  const found = [];
  for (const char of text) {
    const code = char.codePointAt(0);
    if (code < 0x80) found.push(code);
    else if (code < 0x800) found.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) found.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      found.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return found;
}

/** Percent-encoding of a parameter value: all but `A-Z a-z 0-9 - . _ ~`, as UTF-8, in capitals. */
export function quote(text) {
  if (UNRESERVED.test(text)) return text;
  return bytes(text)
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return byte < 0x80 && UNRESERVED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const HEX = /^[0-9A-Fa-f]{2}$/;

/** The bytes of a percent-encoded text; what is no escape stands for itself, or gives null if `strict`. */
export function unquotedBytes(text, strict) {
  const [first, ...pieces] = text.split("%");
  const data = bytes(first);
  for (const piece of pieces) {
    if (HEX.test(piece.slice(0, 2))) {
      data.push(parseInt(piece.slice(0, 2), 16), ...bytes(piece.slice(2)));
    } else if (strict) {
      return null;
    } else {
      data.push(37, ...bytes(piece));
    }
  }
  return data;
}

/** The text that was percent-encoded, `+` read as a space; null where the encoding is no valid one. */
export function unquote(text) {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  const data = unquotedBytes(spaced, true);
  if (data === null) return null;
  try {
    return DECODER.decode(Uint8Array.from(data));
  } catch {
    return null;
  }
}

/** What stands before the query, its parameters as they are written, and the fragment with its `#`. */
export function split(url) {
  const [place, mark, fragment] = partition(url, "#");
  const [base, , query] = partition(place, "?");
  const pairs = [];
  for (const pair of query.split("&")) {
    if (pair) {
      const [key, , value] = partition(pair, "=");
      pairs.push([key, value]);
    }
  }
  return [base, pairs, mark + fragment];
}

/**
 * The base URL with the parameters after those it has, and its fragment last; keys in `macros` stay raw.
 * Throws a RangeError where the base carries one of the parameters already.
 */
export function join(base, params, macros = new Set()) {
  const [place, mark, fragment] = partition(base, "#");
  let glue = "?";
  if (place.includes("?")) {
    const present = new Set(split(place)[1].map(([key]) => unquote(key) || key));
    for (const [key] of params) if (present.has(key)) throw new RangeError(key);
    glue = place.endsWith("?") || place.endsWith("&") ? "" : "&";
  }
  const pieces = [];
  for (const [key, value] of params) pieces.push(`${quote(key)}=${macros.has(key) ? value : quote(value)}`);
  return pieces.length ? place + glue + pieces.join("&") + mark + fragment : base;
}

function characters(text) {
  return SURROGATES.test(text) ? [...text] : text;
}

/** Insertions, deletions, replacements and swaps between two texts; above `limit`, `limit` + 1. */
export function distance(one, other, limit) {
  const left = characters(one);
  const right = characters(other);
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  const width = right.length + 1;
  let older = null;
  let before = null;
  let row = new Array(width);
  for (let j = 0; j < width; j += 1) row[j] = j;
  for (let i = 1; i <= left.length; i += 1) {
    const spare = older || new Array(width);
    older = before;
    before = row;
    row = spare;
    row[0] = i;
    let best = i;
    for (let j = 1; j < width; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
      if (older && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, older[j - 2] + 1);
      }
      row[j] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
  }
  const last = row[width - 1];
  return last <= limit ? last : limit + 1;
}

function bare(text) {
  return fold(text).replace(/[-_ .]+/g, "");
}

/** The allowed word that was most likely meant; null where nothing is close. */
export function nearest(found, allowed) {
  const wanted = head(bare(found), 64);
  if (!wanted) return null;
  let best = null;
  let limit = Math.max(1, Math.floor(size(wanted) / 3));
  for (const word of allowed) {
    const plain = bare(word);
    if (plain === wanted) return word;
    const near = distance(wanted, plain, limit);
    if (near <= limit) {
      best = word;
      limit = Math.max(0, near - 1);
    }
  }
  if (best === null && size(wanted) >= MIN_START) {
    let longest = -1;
    for (const word of allowed) {
      const plain = bare(word);
      if (plain.startsWith(wanted) || wanted.startsWith(plain || "\0")) {
        if (size(word) > longest) {
          best = word;
          longest = size(word);
        }
      }
    }
  }
  return best;
}

/** Whether two names differ in nothing but case, spaces, `.`, `-` and `_`. */
export function sameLetters(left, right) {
  return bare(left) === bare(right);
}

/** The text as a word of the usual grammar: `Spring Sale!` is `spring-sale`. */
export function slug(text) {
  return fold(text).replaceAll("'", "").split(/[^a-z0-9]+/).filter(Boolean).join("-");
}

/** A value as Python writes it: texts as they are, `True`, `None`. */
export function shown(value) {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  return String(value);
}

// A space apart, what has no shape of its own: controls, formats, surrogates, separators, unassigned.
const INVISIBLE = /[\p{C}\p{Z}]/u;

/** Whether every character has a shape. */
export function printable(text) {
  for (const char of text) if (char !== " " && INVISIBLE.test(char)) return false;
  return true;
}

/** A text in quotes, as Python's `repr` writes it; anything else as Python writes it. */
export function repr(value) {
  if (typeof value !== "string") return shown(value);
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  let text = "";
  for (const char of value) {
    const code = char.codePointAt(0);
    if (char === mark || char === "\\") text += `\\${char}`;
    else if (char === "\n") text += "\\n";
    else if (char === "\r") text += "\\r";
    else if (char === "\t") text += "\\t";
    else if (char === " " || !INVISIBLE.test(char)) text += char;
    else if (code < 0x100) text += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) text += `\\u${code.toString(16).padStart(4, "0")}`;
    else text += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return mark + text + mark;
}

/** A member of an object that came as JSON; undefined for what the language itself put there. */
export function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
