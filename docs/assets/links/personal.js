// Personal data in links: found by shape or by the parameter's name, shown masked, kept nowhere.
// A port of canonry.naming.personal.

import { SPACES, fold, head, partition, strip } from "./text.js";

const EMAIL =
  "[A-Za-z0-9._+%~\\x80-\\u{10ffff}-]{1,64}(?:@|%40)[A-Za-z0-9\\x80-\\u{10ffff}][A-Za-z0-9\\x80-\\u{10ffff}-]{0,62}" +
  "(?:\\.[A-Za-z0-9\\x80-\\u{10ffff}-]{1,63}){1,8}"; // beyond ASCII may be a letter of a name or of a host
const HAS_EMAIL = new RegExp(EMAIL, "u");
const EVERY_EMAIL = new RegExp(EMAIL, "gu");
const PHONE = /^(?:\+|00)[ ]?[1-9][0-9 ()./-]{6,18}[0-9]$/;
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
const PAIR = new RegExp(`([A-Za-z0-9_.-]+)=([^&#${SPACES}]+)`, "gu");
const USERINFO = new RegExp(`(//[^/@${SPACES}:]{1,64}:)[^/@${SPACES}]{1,64}@`, "gu");

/** What kind of personal data a parameter holds, in words; null where it seems to hold none. */
export function sortOf(key, value) {
  if (!value) return null;
  if ((value.includes("@") || value.includes("%40")) && HAS_EMAIL.test(value)) return "an e-mail address";
  if (!NO_PHONE.test(value)) {
    const plain = strip(value);
    if (PHONE.test(plain) || (value.startsWith(" ") && PHONE.test(`+${plain}`))) return "a telephone number";
  }
  if (!told.has(key)) {
    if (told.size > MEMORY) told.clear();
    told.set(key, SORTS.get(fold(key).replace(/[_-]/g, "")) ?? null);
  }
  return told.get(key);
}

/** The value with nothing left that identifies anybody: `j***@e***`. */
export function maskedValue(value) {
  const [local, mark, domain] = partition(value.replaceAll("%40", "@"), "@");
  return mark ? `${head(local, 1)}***@${head(domain, 1)}***` : `${head(strip(value), 1)}***`;
}

/** A text in which every e-mail address, telephone number and value of a telling parameter is masked. */
export function masked(text) {
  return text
    .replace(EVERY_EMAIL, (found) => maskedValue(found))
    .replace(PAIR, (whole, key, value) => {
      const plain = value.replaceAll("+", " ").replaceAll("%20", " ");
      return sortOf(key, plain) ? `${key}=${maskedValue(value)}` : whole;
    })
    .replace(USERINFO, "$1***@");
}
