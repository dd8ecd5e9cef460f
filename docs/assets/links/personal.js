// Personal data and secrets in links: found by shape or by a parameter's name, shown masked, kept nowhere.
// A port of canonry.naming.personal.

import { SPACES, fold, head, partition, strip, unquote } from "./text.js";

const EMAIL =
  "[A-Za-z0-9._+%~\\x80-\\u{10ffff}-]{1,64}(?:@|%40)[A-Za-z0-9\\x80-\\u{10ffff}][A-Za-z0-9\\x80-\\u{10ffff}-]{0,62}" +
  "(?:\\.[A-Za-z0-9\\x80-\\u{10ffff}-]{1,63}){1,8}"; // beyond ASCII may be a letter of a name or of a host
const HAS_EMAIL = new RegExp(EMAIL, "u");
const EVERY_EMAIL = new RegExp(EMAIL, "gu");
const NO_DATE =
  "(?!20[0-9]{2}(?:\\.[0-9]{1,2}\\.|/[0-9]{1,2}/|-[0-9]{1,2}-)[0-9]" +
  "|[0-3]?[0-9](?:\\.[01]?[0-9]\\.|/[01]?[0-9]/|-[01]?[0-9]-) ?20[0-9]{2})";
const ABROAD = // where nothing but 00 or a space tells, it has a country's code and length
  NO_DATE +
  "(?:[17][ ()./-]{0,3}[2-9](?:[ ()./-]{0,3}[0-9]){9}" +
  "|(?:2[0-79]|[3-6][0-9]|8[0-24-8]|9[0-9])(?:[ ()./-]{0,3}[0-9]){8,13})";
const PHONE = new RegExp(`^(?:\\+[ ]?${NO_DATE}[1-9](?:[ ()./-]{0,3}[0-9]){7,14}|00[ ()./-]{0,2}${ABROAD})$`);
const SPACED = new RegExp(`^${ABROAD}$`);
const NO_PHONE = /^[A-Za-z1-9_{-]/; // what most values begin with, and no telephone number does
const MEMORY = 1_000;
const told = new Map();
const KEYS = {
  "an e-mail address": ["email", "mail", "emailaddress", "useremail"],
  "a telephone number": ["phone", "tel", "mobile", "telephone", "phonenumber", "msisdn"],
  "a name": ["firstname", "lastname", "surname", "fullname", "givenname", "familyname"],
  "a date of birth": ["birthday", "birthdate", "dob"],
  "an account number": ["iban", "ssn", "creditcard", "cardnumber"],
};
const SORTS = new Map(Object.entries(KEYS).flatMap(([sort, names]) => names.map((name) => [name, sort])));
const SECRETS = new Set([
  "accesstoken", "apikey", "authtoken", "authorization", "bearer", "clientsecret", "idtoken", "jwt", "key", "passwd",
  "password", "pwd", "refreshtoken", "secret", "secretkey", "sessiontoken", "sig", "signature", "token",
]);
const KEY = /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]+)=/gu;
const KEY_HERE = new RegExp(KEY.source, "uy");
const VALUE = new RegExp(`[^&#;?=${SPACES}]*`, "uy");
const REST = new RegExp(`[^&#${SPACES}]*`, "uy");
const TOLD = new RegExp(
  `(?<![A-Za-z_-])([A-Za-z_-]+)(["']?[${SPACES}]*:[${SPACES}]*["']?)([^${SPACES}"'/,;&}][^${SPACES}"',;&}]*)`,
  "gu",
);
const BEARER = new RegExp(`(?<![A-Za-z0-9_])(bearer|basic)([${SPACES}]+)[A-Za-z0-9+/._~=-]{8,}`, "giu");
const ISSUED = new RegExp(
  "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]+)?" +
    "|(?<![A-Za-z0-9_])(?:(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9_])|AIza[A-Za-z0-9_-]{35}|ya29\\.[A-Za-z0-9_-]{10,}" +
    "|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}" +
    "|EAA[A-Za-z0-9]{40,})",
  "gu",
);
const CALLED = /(?<![A-Za-z0-9_+])\+[1-9](?:[ ()./-]{0,2}[0-9]){9,14}(?![0-9])/gu;
const DIALLED = new RegExp(
  `(?<![A-Za-z0-9])(?<![0-9][.,:])00[ ()./-]{0,2}${ABROAD}(?![A-Za-z0-9])`,
  "gu",
);
const LOGIN = new RegExp(`(//[^/@${SPACES}:]{1,64}:)[^/@${SPACES}]{1,64}@`, "gu");
const DEPTH = 4; // how often a link may stand encoded in a link before its value is masked unread

/** What kind of personal data a parameter holds, in words; null where it seems to hold none. */
export function sortOf(key, value) {
  if (!value) return null;
  if ((value.includes("@") || value.includes("%40")) && HAS_EMAIL.test(value)) return "an e-mail address";
  if (!NO_PHONE.test(value)) {
    const plain = strip(value);
    if (PHONE.test(plain) || (value.startsWith(" ") && SPACED.test(plain))) return "a telephone number";
  }
  if (!told.has(key)) {
    if (told.size > MEMORY) told.clear();
    told.set(key, SORTS.get(bare(key)) ?? null);
  }
  return told.get(key);
}

/** The value with nothing left that identifies anybody: `j***@e***`. */
export function maskedValue(value) {
  const [local, mark, domain] = partition(value.replaceAll("%40", "@"), "@");
  return mark ? `${head(local, 1)}***@${head(domain, 1)}***` : `${head(strip(value), 1)}***`;
}

/**
 * A text in which every e-mail address, telephone number and value of a telling parameter is masked, and passwords,
 * tokens and keys with them.
 */
export function masked(text) {
  let shown = text;
  if (shown.includes("@") || shown.includes("%40")) {
    shown = shown.replace(LOGIN, "$1***@").replace(EVERY_EMAIL, (found) => maskedValue(found));
  }
  shown = pairs(shown.replace(BEARER, "$1$2***"));
  return shown
    .replace(TOLD, (whole, key, between) => (SECRETS.has(bare(key)) ? `${key}${between}***` : whole))
    .replace(CALLED, (found) => `${head(found, 2)}***`)
    .replace(DIALLED, "00***")
    .replace(ISSUED, "***");
}

function bare(key) {
  return fold(key).replace(/[_-]/g, "");
}

/** The text with the values of telling parameters masked. */
function pairs(text) {
  const pieces = [];
  let told = 0;
  let at = 0;
  for (;;) {
    KEY.lastIndex = at;
    const key = KEY.exec(text);
    if (key === null) break;
    const from = KEY.lastIndex;
    const secret = SECRETS.has(bare(key[1]));
    const rest = secret ? REST : VALUE;
    rest.lastIndex = from;
    const value = rest.exec(text)[0];
    at = from + value.length;
    KEY_HERE.lastIndex = from;
    if (!secret && KEY_HERE.test(text)) {
      at = from; // the value is a key itself
      continue;
    }
    const shown = maskedPair(key[1], value, secret);
    if (shown !== null) {
      pieces.push(text.slice(told, from), shown);
      told = at;
    }
  }
  return pieces.join("") + text.slice(told);
}

/** What is shown for a value; null where there is nothing to mask. */
function maskedPair(key, value, secret) {
  if (!value) return null;
  if (secret) return "***";
  let plain = value.replaceAll("+", " ").replaceAll("%20", " ");
  if (sortOf(key, plain)) return maskedValue(value);
  for (let depth = 0; plain.includes("%"); depth += 1) {
    if (depth === DEPTH) return "***";
    const inner = unquote(plain);
    if (inner === null || inner === plain) break;
    if (sortOf(key, inner)) return maskedValue(value);
    plain = inner;
  }
  return plain !== value && masked(plain) !== plain ? "***" : null;
}
