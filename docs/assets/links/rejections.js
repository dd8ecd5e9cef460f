// Why nothing reads a link or a name: token by token, what was found, what belongs there, what is near.
// A port of canonry.naming.runtime.rejections.

import { fold, head } from "./text.js";
import { ABSENT, Name, problem } from "./values.js";

const MAX_TOKENS = 64;
const MEMORY = 2_000;

/**
 * The form that comes nearest, what is wrong with each parameter, and the values that could be read; null where
 * there are no contracts. A platform's form is only looked at where something is wrong with a parameter that it
 * writes in its own way.
 */
export function explained(contracts, params, given) {
  let best = null;
  const known = new Map();
  for (const contract of contracts) {
    for (const form of contract.forms.values()) {
      const account = explainedForm(form, params, given, known);
      const { cost, length } = account;
      if (best === null || cost < best.cost || (cost === best.cost && length < best.length)) best = account;
      if (form.platform === null && account.found.every((each) => contract.common.has(each.param))) break;
    }
  }
  return best;
}

function explainedForm(form, params, given, known) {
  let cost = 0;
  let found = [];
  let values = {};
  let first = {};
  for (const key of form.keys) {
    const text = params.get(key) ?? "";
    const part = form.templates.get(key);
    if (form.macros.has(key) || !known.has(part)) {
      const said = {};
      known.set(part, [...parameter(form, key, text, said), said]);
    }
    const [far, wrong, said] = known.get(part);
    Object.assign(values, said);
    first = { ...said, ...first };
    cost += far;
    found.push(...wrong.map((each) => ({ ...each, param: key })));
  }
  if (!found.length) {
    const mixed = form.mixed(values);
    found = mixed !== null ? [mixed] : disagreements(form, params);
    values = first; // of two values that disagree the first counts: the second is said to differ from it
  }
  for (const key of given) {
    if (!form.known.has(key)) {
      found.push({ ...problem("parameter-foreign", null, params.get(key), "no such parameter"), param: key });
      cost += 0.5;
    }
  }
  return { cost: cost + found.length / 100, length: form.keys.length, form, found, values };
}

/** What one parameter costs and what is wrong with it; `values` gains what it says. */
function parameter(form, key, text, values) {
  const macro = form.macros.get(key);
  if (macro) {
    if (!text) return [2, [problem("parameter-missing", null, null, macro.expected(), macro.macro)]];
    if (macro.read(text, true).length) return [0, []];
    return [1, [problem("macro-value", null, text, macro.expected(), macro.macro)]];
  }
  const template = form.templates.get(key);
  const readings = template.read(text);
  if (readings.length) {
    Object.assign(values, readings[0][0]);
    return [0, []];
  }
  if (!text) {
    const wanted = template.sole === null ? template.text : template.fields.get(template.sole).expected();
    return [2, [problem("parameter-missing", template.sole, null, wanted)]];
  }
  return aligned(template, text, values);
}

/** Fields to which two parameters give different values. */
function disagreements(form, params) {
  const seen = new Map();
  const found = [];
  for (const [key, template] of form.templates) {
    for (const [values] of template.read(params.get(key) ?? "").slice(0, 1)) {
      for (const [name, value] of Object.entries(values)) {
        if (seen.has(name) && seen.get(name)[0] !== value) {
          const [other, where] = seen.get(name);
          const expected = `${other === null ? ABSENT : other}, as in ${where}`;
          found.push({ ...problem("values-disagree", name, value, expected), param: key });
        }
        if (!seen.has(name)) seen.set(name, [value, key]);
      }
    }
  }
  return found;
}

/** A shape cut at the delimiter, as pairs of a text and a field; a nested name stands in its own tokens. */
function cutShape(template, items, cut, depth = 0) {
  const tokens = [[]];
  items.forEach((item, place) => {
    const last = tokens[tokens.length - 1];
    if (place % 2 === 0) {
      const [first, ...rest] = item.split(cut);
      if (first) last.push([first, null]);
      tokens.push(...rest.map((piece) => (piece ? [[piece, null]] : [])));
      return;
    }
    const field = template.fields.get(item);
    if (field instanceof Name && depth < 3) {
      const inner = field.target().form().templates.get("name");
      const [first, ...more] = cutShape(inner, inner.shapes[0][0], cut, depth + 1);
      last.push(...first);
      tokens.push(...more);
    } else {
      last.push([item, field]);
    }
  });
  return tokens;
}

/** The cheapest account of how a text differs from a template, remembered; `values` gains what could be read. */
function aligned(template, text, values) {
  const { accounts } = template;
  if (!accounts.has(text)) {
    if (accounts.size > MEMORY) accounts.clear();
    accounts.set(text, cheapest(template, text));
  }
  const [cost, wrong, read] = accounts.get(text);
  for (const [name, value] of Object.entries(read)) if (template.names.includes(name)) values[name] = value;
  return wrong.length ? [cost, wrong] : [1, [unfit(template, text, read)]];
}

/** What is wrong with a text of which every token is right: the words of a name in it do not go together. */
function unfit(template, text, read) {
  const names = namesIn(template);
  for (const field of names) {
    const mixed = field.target().form().mixed(read);
    if (mixed !== null) return mixed;
  }
  return problem("name-invalid", names.length ? names[0].name : null, text, template.text);
}

/** The names in a name, and those in them. */
function namesIn(template) {
  return template.names
    .map((name) => template.fields.get(name))
    .filter((field) => field instanceof Name)
    .flatMap((field) => [field, ...namesIn(field.target().form().templates.get("name"))]);
}

function cheapest(template, text) {
  const cut = delimiter(template);
  const found = cut ? text.split(cut) : [text];
  if (found.length > MAX_TOKENS) {
    return [MAX_TOKENS, [problem("name-long", null, head(text, 80), template.text)], {}];
  }
  let best = null;
  for (const [items] of template.shapes) {
    const wanted = cut
      ? cutShape(template, items, cut)
      : [
          items
            .map((item, place) => [item, place % 2 ? template.fields.get(item) : null])
            .filter(([item]) => item),
        ];
    const account = accountOf(wanted, found, template);
    if (best === null || account[0] < best[0]) best = account;
  }
  return best;
}

/** The character that stands between the template's fields most often; empty where it has one field. */
function delimiter(template) {
  const between = template.shapes
    .flatMap(([items]) => items.slice(2, -1).filter((_, place) => place % 2 === 0))
    .join("");
  if (!between) {
    const nested = template.names.map((name) => template.fields.get(name)).find((field) => field instanceof Name);
    return nested ? delimiter(nested.target().form().templates.get("name")) : "";
  }
  const marks = [...between].filter((char) => !/[\p{L}\p{N}]/u.test(char));
  let best = "";
  let most = 0;
  for (const char of [...new Set(marks)].sort()) {
    const count = marks.filter((each) => each === char).length;
    if (count > most) [best, most] = [char, count];
  }
  return best;
}

/**
 * The cheapest alignment of tokens: its cost, what is wrong, and what could be read. A wrong token costs up to 1,
 * a missing or superfluous one 1.1, a loose spelling 0.1. What is right at both ends is left out of the search.
 */
function accountOf(wanted, found, template) {
  const read = {};
  let first = 0;
  let last = wanted.length;
  let end = found.length;
  while (first < Math.min(last, end) && judge(wanted[first], found[first], template)[0] === 0) {
    Object.assign(read, readToken(wanted[first], found[first]));
    first += 1;
  }
  while (first < Math.min(last, end) && judge(wanted[last - 1], found[end - 1], template)[0] === 0) {
    last -= 1;
    end -= 1;
    Object.assign(read, readToken(wanted[last], found[end]));
  }
  const middle = wanted.slice(first, last);
  const texts = found.slice(first, end);
  const cells = cellsOf(middle, texts, template);
  const wrong = [];
  let i = middle.length;
  let j = texts.length;
  while (i || j) {
    const { way, judged } = cells[i][j];
    let each;
    if (way === "both") {
      each = judged[1];
      if (each !== null && each.reason === undefined) each = refuse(each.field, each.found);
      if (each === null) Object.assign(read, readToken(middle[i - 1], texts[j - 1]));
      else if (found.length > 1) each.token = first + j;
      i -= 1;
      j -= 1;
    } else if (way === "missing") {
      each = missing(middle[i - 1], first + j);
      i -= 1;
    } else {
      each = problem("token-superfluous", null, texts[j - 1], `nothing here: ${template.text}`);
      each.token = first + j;
      j -= 1;
    }
    if (each !== null) wrong.push(each);
  }
  return [cells[middle.length][texts.length].cost, wrong.reverse(), read];
}

/** The cost of aligning every beginning with every beginning, with the last step of each. */
function cellsOf(wanted, found, template) {
  const cells = [];
  for (let i = 0; i <= wanted.length; i += 1) {
    cells.push([]);
    for (let j = 0; j <= found.length; j += 1) {
      let cell = { cost: 0, way: "", judged: null };
      const judged = i && j ? judge(wanted[i - 1], found[j - 1], template) : null;
      const ways = [];
      if (i && j) ways.push({ cost: cells[i - 1][j - 1].cost + judged[0], way: "both", judged });
      if (i) ways.push({ cost: cells[i - 1][j].cost + 1.1, way: "missing", judged });
      if (j) ways.push({ cost: cells[i][j - 1].cost + 1.1, way: "superfluous", judged });
      for (const [place, way] of ways.entries()) if (place === 0 || way.cost < cell.cost) cell = way;
      cells[i].push(cell);
    }
  }
  return cells;
}

function refuse(field, text) {
  return problem(field.refusal(text), field.name, text, field.expected(), field.nearest(text));
}

/** The literal before a token's field, and the one after it. */
function around(token) {
  const before = token.length && token[0][1] === null ? token[0][0] : "";
  const after = token.length && token[token.length - 1][1] === null ? token[token.length - 1][0] : "";
  return [before, after];
}

/** What a token that is right says. */
function readToken(token, text) {
  const [before, after] = around(token);
  const inner = text.slice(before.length, Math.max(before.length, text.length - after.length));
  return Object.fromEntries(
    token.filter(([, field]) => field !== null).map(([, field]) => [field.name, field.read(inner)]),
  );
}

function missing(token, after) {
  const field = token.map(([, each]) => each).find((each) => each !== null) ?? null;
  const expected = field !== null ? field.expected() : token.map(([text]) => text).join("");
  return { ...problem("token-missing", field !== null ? field.name : null, null, expected), token: after + 1 };
}

/**
 * What it costs to take a text for a token, and the rejection if it is not right. What is near is looked up for
 * the tokens that are told of, not here, where each is compared with each.
 */
function judge(token, text, template) {
  const fields = token.map(([, field]) => field).filter((field) => field !== null);
  const [before, after] = around(token);
  if (!fields.length) {
    if (text === before) return [0, null];
    const rejection = problem("literal", null, text, before || "nothing", before);
    return [fold(text) === before ? 0.1 : 1, rejection];
  }
  const [field] = fields;
  const framed = text.startsWith(before) && text.endsWith(after) && text.length >= before.length + after.length;
  if (fields.length > 1 || !framed) {
    const expected = `${before}{${field.name}}${after}, where ${field.name} is ${field.expected()}`;
    return [1, problem("token-invalid", field.name, text, expected)];
  }
  const inner = text.slice(before.length, text.length - after.length);
  if (field.read(inner) !== null || (inner === ABSENT && template.marks.has(field.name))) return [0, null];
  const loose = field.readLoosely(inner);
  if (loose !== null) {
    const reason = loose[2] === "retired" ? "word-retired" : loose[2];
    return [0.1, problem(reason, field.name, inner, field.expected(), loose[1])];
  }
  return [1, { field, found: inner }];
}
