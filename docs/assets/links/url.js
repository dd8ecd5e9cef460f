// Reads a pasted link however it was broken, and says how. A port of canonry.naming.url.
// It knows no formats; reader.js judges what the parameters say.

import { asciiHost, digits } from "./hosts.js";
import {
  SPACES, ascii, distance, fold, head, join, lstrip, partition, rpartition, rstrip, size, strip, unquote, unquotedBytes,
} from "./text.js";

const MAX_LINK = 20_000;
const MISNAMED = new Map([
  ["utm_keyword", "utm_term"],
  ["utm_keywords", "utm_term"],
  ["utm_campaign_id", "utm_id"],
  ["utm_campaignid", "utm_id"],
  ["utm_name", "utm_campaign"],
  ["utm_campaign_name", "utm_campaign"],
]);
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const INNER_QUERY = /\?(?=[A-Za-z_][A-Za-z0-9_.-]*=)/g;
const ENCODED_QUERY = /%3[fF](?=utm_)/g;
const ENCODED_AMPERSAND = /&(?:amp|#38|#x26);|%26(?=utm_[a-z_]+(?:=|%3[dD]))|\\u0026/giu;
const ENTITY_PREFIX = /^(?:amp;)+/iu;
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff\xad]/g;
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
const UNWRITABLE = /[^!$'()*+,\-./0-9:;=@A-Z_a-z~%?{}]/;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/g;
const TWICE = /%25(?=[0-9A-Fa-f]{2})/g;
const MARKDOWN = new RegExp(`^\\[[^\\]]*\\]\\(([^()${SPACES}]+)\\)$`);
const QUERY_FRAGMENT = /^&?[A-Za-z_][\p{L}\p{N}_.-]*=/u;
const QUOTES = new Map([
  ['"', '"'], ["'", "'"], ["<", ">"], ["`", "`"], ["\u201c", "\u201d"], ["\xab", "\xbb"], ["(", ")"], ["[", "]"],
]);

const found = (pattern, text) => {
  pattern.lastIndex = 0;
  const hit = pattern.test(text);
  pattern.lastIndex = 0;
  return hit;
};

/** A link that was read; `params` are decoded and in the link's order, those of formats each once. */
export class Link {
  constructor(text) {
    this.text = text;
    this.scheme = "";
    this.host = "";
    this.path = "";
    this.fragment = "";
    this.params = [];
    this.issues = [];
    this.raw = new Map();
  }

  issue(name, message, suggestion = "", { param = null, found: what = null, nearest = null } = {}) {
    this.issues.push({ name, message, suggestion, param, found: what, nearest });
  }

  /** The link as it should be written. */
  url() {
    const base = (this.host ? `${this.scheme}://${this.host}${this.path}` : this.path) || "/";
    const params = this.params.map(([key, value]) => [key, this.raw.get(key) ?? value]);
    return join(base + this.fragment, params, this.raw);
  }
}

/** The parts of a link, repaired. `known` are the parameters that formats write, `macros` what stays raw. */
export function read(text, known = new Set(), macros = new Map()) {
  const link = new Link(text);
  const length = size(text);
  if (length > MAX_LINK) {
    const message = `the text has ${length.toLocaleString("en")} characters; links have a few hundred`;
    link.issue("link-long", message, "one link per line");
    return link;
  }
  const body = unescaped(link, unwrapped(link, text));
  let [place, mark, fragment] = partition(body, "#");
  [place, fragment] = fromFragment(link, place, fragment);
  link.fragment = fragment ? mark + fragment : "";
  place = oneQuery(link, place);
  const [base, , query] = partition(place, "?");
  readPlace(link, base);
  readParams(link, query, known, macros);
  return link;
}

/** The link without what stands around it: quotes, brackets, a cell's comma, invisible characters. */
function unwrapped(link, text) {
  const visible = text.replace(INVISIBLE, "");
  let body = strip(visible);
  const kept = body;
  const match = MARKDOWN.exec(body);
  if (match) [, body] = match;
  for (let round = 0; round < 4; round += 1) {
    const first = body.slice(0, 1);
    const last = body.slice(-1);
    if (body.length > 1 && QUOTES.get(first) === last) body = strip(body.slice(1, -1));
    else if (last && ",;|\u201c\"'".includes(last) && first !== last) body = rstrip(body.slice(0, -1));
    else if (first && "\"'=\u201c".includes(first) && body.length > 1) body = lstrip(body.slice(1));
  }
  body = body.replace(/\\(?=[?&=#])/g, "");
  if (body !== kept || visible !== text) {
    const message = "the link stands between quotes, brackets or other marks";
    link.issue("link-wrapped", message, "paste the link alone");
  }
  if (found(CONTROL, body)) {
    body = body.replace(CONTROL, "");
    link.issue("link-control-character", "the link holds a line break, a tab or another control character");
  }
  return body;
}

/** The ampersand; as it was inside of an address that is a parameter's value, whose own query it parts. */
function ampersand(match, place, body) {
  const start = Math.max(body.slice(0, place).lastIndexOf("&"), body.slice(0, place).lastIndexOf("?"));
  const [, is, value] = partition(body.slice(start + 1, place), "=");
  const nested = match === "%26" && start >= 0 && is && value.toLowerCase().includes("%3f");
  return nested ? match : "&";
}

function unescaped(link, body) {
  const repaired = body.replace(ENCODED_AMPERSAND, ampersand);
  if (repaired === body) return body;
  link.issue(
    "link-ampersand-escaped",
    "an ampersand was escaped, so the parameters after it are part of the value before",
    "write & between parameters, not &amp; or %26",
  );
  return repaired.replace(/(&utm_[a-z_]+)%3[dD]/g, "$1=");
}

/** Moves a query that stands after `#` to where it is sent to the server. */
function fromFragment(link, place, fragment) {
  let [anchor, mark, query] = partition(fragment, "?");
  if (!mark && QUERY_FRAGMENT.test(fragment) && fragment.includes("utm_")) {
    anchor = "";
    query = fragment.replace(/^&+/, "");
  } else if (!mark && fragment.includes("&utm_")) {
    [anchor, , query] = partition(fragment, "&");
  }
  if (!query || !query.includes("=") || !query.includes("utm_")) return [place, fragment];
  link.issue(
    "link-query-in-fragment",
    "the parameters stand after #, where browsers send them to nobody",
    "put ?... before #...",
  );
  return [place + (place.includes("?") ? "&" : "?") + query, anchor];
}

/** The link with one question mark before its parameters. */
function oneQuery(link, text) {
  let [place, mark, query] = partition(text, "?");
  let repaired = false;
  if (!mark) {
    const hit = /%3[fF](?=utm_)/.exec(place) ?? /&(?=utm_)/.exec(place);
    if (hit) {
      query = place.slice(hit.index + hit[0].length);
      place = place.slice(0, hit.index);
      repaired = true;
    }
  } else if (found(INNER_QUERY, query) || found(ENCODED_QUERY, query)) {
    query = query.replace(INNER_QUERY, "&").replace(ENCODED_QUERY, "&");
    repaired = true;
  }
  if (repaired) {
    link.issue(
      "link-question-marks",
      mark
        ? "the parameters need exactly one ? before them; behind a second one they are part of a value"
        : "there is no ? before the parameters, so they are part of the path",
      "? before the first parameter, & before each further one",
    );
  }
  return mark || repaired ? `${place}?${query}` : place;
}

/** Scheme, host and path. */
function readPlace(link, place) {
  const match = SCHEME.exec(place);
  const behind = match ? place.slice(match[0].length) : "";
  let rest = place;
  if (match && behind.startsWith("//")) {
    link.scheme = match[1].toLowerCase();
    rest = behind.slice(2);
    if (!["http", "https"].includes(link.scheme)) notWeb(link);
  } else if (match && !match[1].includes(".") && !digits([...behind][0] ?? "")) {
    link.scheme = match[1].toLowerCase();
    notWeb(link);
    return;
  } else if (place.startsWith("//")) {
    link.scheme = "https";
    rest = place.slice(2);
    link.issue("link-scheme", "the link has no scheme", "https: before it");
  } else if (!place && !strip(link.text)) {
    link.issue("link-scheme", "there is no link here", "https://...");
    return;
  } else if (!place || /^(?:\/|\.\/|\.\.\/)/.test(place)) {
    link.path = place;
    link.issue("link-internal", "a link without a host leads to the same site", "campaign links name their host");
    return;
  } else if (partition(place, "/")[0].includes(".")) {
    link.scheme = "https";
    link.issue("link-scheme", "the link has no scheme", "https:// before it");
  } else {
    link.path = place;
    link.issue("link-scheme", "this is no link: it has neither scheme nor host", "https://...");
    return;
  }
  let [authority, slash, path] = partition(rest, "/");
  link.path = slash + path;
  if (authority.includes("@")) {
    [, , authority] = rpartition(authority, "@");
    link.issue("link-userinfo", "the link carries a user name or a password before its host", "remove it");
  }
  link.host = readHost(link, authority);
  if (link.path.includes(" ")) {
    link.path = link.path.replaceAll(" ", "%20");
    link.issue("link-space", "the path holds a space, where programmes cut the link", "%20 or a hyphen");
  }
}

function notWeb(link) {
  link.issue("link-scheme", `${link.scheme}: is no web address`, "https://...", { found: link.scheme });
}

function readHost(link, authority) {
  const [name, colon, port] = partition(authority, ":");
  let host = name.toLowerCase().replace(/\.+$/, "");
  if (!ascii(host)) {
    const plain = asciiHost(host);
    if (plain) {
      const message = `the host has letters beyond a-z; it is ${plain}`;
      link.issue("link-host-foreign-letters", message, plain);
      host = plain;
    }
  } else if (host.split(".").some((label) => label.startsWith("xn--"))) {
    const message = `${host} stands for a host with letters beyond a-z: look twice`;
    link.issue("link-host-foreign-letters", message);
  }
  if (!host.split(".").every((label) => HOST_LABEL.test(label)) || (colon && !digits(port))) {
    link.issue("link-host", "this is no host that a browser could reach", "", { found: head(host, 80) });
  }
  return host + (colon && port !== "80" && port !== "443" ? colon + port : "");
}

function readParams(link, query, known, macros) {
  for (const written of query.split("&")) {
    if (!written) continue;
    const [typed, , value] = partition(written.replace(ENTITY_PREFIX, ""), "=");
    const key = rightKey(link, decoded(link, typed, typed, false), known);
    if (macros.has(value)) {
      link.raw.set(key, value);
      link.params.push([key, value]);
      continue;
    }
    const ours = known.has(key) || key.startsWith("utm_");
    if (ours && (value.includes(" ") || value.includes("+") || value.includes("%20"))) {
      const message = "the value holds a space or a +, which some programmes cut and others spell differently";
      link.issue("link-space", message, "a hyphen between words", { param: key });
    }
    link.params.push([key, decoded(link, value, key, ours)]);
    if (!ours && !UNWRITABLE.test(value) && !found(BAD_PERCENT, value)) link.raw.set(key, value);
  }
  repeated(link, known);
}

function decoded(link, written, param, ours) {
  let text = written;
  if (!text.includes("%")) return unquote(text);
  if (ours && found(TWICE, text)) {
    text = text.replace(TWICE, "%");
    link.issue("link-encoding", "the value is percent-encoded twice", "encode it once", { param });
  }
  if (found(BAD_PERCENT, text)) {
    text = text.replace(BAD_PERCENT, "%25");
    if (ours) {
      link.issue("link-encoding", "a % is followed by no two hexadecimal digits", "%25 for a %", { param });
    }
  }
  const plain = unquote(text);
  if (plain !== null) return plain;
  if (ours) {
    const message = "the value is percent-encoded, but not as UTF-8";
    link.issue("link-encoding", message, "encode it as UTF-8", { param });
  }
  return windows(unquotedBytes(text.replaceAll("+", " "), false));
}

const WINDOWS = [
  0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178,
];

/** Bytes as Windows-1252, in which five have no meaning. */
function windows(data) {
  return data
    .map((byte) => String.fromCharCode(byte < 0x80 || byte > 0x9f ? byte : WINDOWS[byte - 0x80] || 0xfffd))
    .join("");
}

/** The parameter that was meant. */
function rightKey(link, key, known) {
  if (known.has(key)) return key;
  const plain = strip(fold(key).replaceAll("-", "_"));
  let right = MISNAMED.get(plain) ?? plain;
  if (!known.has(right) && /^(?:utm|ut_|um_|mtm_)/.test(plain)) right = nearKey(plain, known) ?? plain;
  if (right === key || (!known.has(right) && !plain.startsWith("utm_"))) return key;
  link.issue("link-parameter-misspelt", `nothing reads ${key}`, right, { param: right, found: key, nearest: right });
  return right;
}

function nearKey(plain, known) {
  let best = null;
  for (const word of known) {
    const far = distance(plain, word, 2);
    if (far <= 2 && (best === null || far < best[0] || (far === best[0] && word < best[1]))) best = [far, word];
  }
  return best === null ? null : best[1];
}

function repeated(link, known) {
  const seen = new Map();
  for (const [key, value] of link.params) {
    if (!seen.has(key)) seen.set(key, []);
    seen.get(key).push(value);
  }
  for (const [key, values] of seen) {
    if (values.length < 2 || !(known.has(key) || key.startsWith("utm_"))) continue;
    const same = new Set(values).size === 1;
    const how = same ? "each time alike" : "with different values";
    const advice = same ? "once" : "once; the last value is the one that Google Analytics takes";
    const message = `${key} stands there ${values.length} times, ${how}`;
    link.issue("link-parameter-repeated", message, advice, { param: key });
    const last = link.params.map(([each]) => each).lastIndexOf(key);
    link.params = link.params.filter(([each], place) => each !== key || place === last);
  }
}
