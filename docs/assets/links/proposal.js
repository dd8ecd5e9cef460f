// What is proposed to the registry without git: a word of a vocabulary, a campaign; as YAML in the registry's
// layout, and as an address of the repository host that holds it already.

import { fold } from "./text.js";

const GRAMMAR = { word: /^[a-z0-9]+(?:-[a-z0-9]+)*$/, parameter: /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/ };
const SAID = {
  word: "a-z and 0-9, with single hyphens between: `winter-sale`",
  parameter: "a-z and 0-9, with single `.`, `_` or `-` between: `paid_social`",
};
// Texts that YAML reads as texts wherever they stand. Anything else stands in quotes.
const PLAIN = /^(?:[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f ,.;()&/%+_'"=?!-]*|20\d\d-(?:\d\d|Q[1-4]))$/;
const IN_LIST = /^[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f ./()&%+_'"=-]*$/;
const TAKEN = /^(?:true|false|null|~|[.]?(?:inf|nan))$/i;
const LIMIT = 7_000; // characters of an address that hosts surely take

/** A text as a YAML scalar; `listed` where it stands between brackets. */
export function scalar(text, listed = false) {
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]/.test(text) || /\p{Cf}/u.test(text)) {
    return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (char) =>
      /[\p{L}\p{N}]/u.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  const plain = (listed ? IN_LIST : PLAIN).test(text) && !TAKEN.test(text) && text === text.trim();
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

const flow = (items) => `[${items.map((item) => scalar(item, true)).join(", ")}]`;

/** The lines that add a word to a vocabulary's file. */
export function wordLines({ word, label, description = "", aliases = [], since = "" }) {
  const lines = [`  ${scalar(word)}:`, `    label: ${scalar(label)}`];
  if (description) lines.push(`    description: ${scalar(description)}`);
  if (aliases.length) lines.push(`    aliases: ${flow(aliases)}`);
  if (since) lines.push(`    since: '${since}'`);
  return `${lines.join("\n")}\n`;
}

/** A vocabulary's file with one more word at the end of its words; comments and order stay. */
export function withWord(text, word) {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^words:\s*(?:#.*)?$/.test(line));
  if (start < 0) return null;
  let end = start + 1;
  while (end < lines.length && !/^[^\s#]/.test(lines[end])) end += 1;
  while (end > start + 1 && !/^\s+[^\s#]/.test(lines[end - 1])) end -= 1;
  return [...lines.slice(0, end), ...wordLines(word).trimEnd().split("\n"), ...lines.slice(end)].join("\n");
}

/** What stands in a word's way: pairs of an input and a sentence. */
export function wordProblems(vocabulary, { word, label, aliases }) {
  const found = [];
  if (!label.trim()) found.push(["label", "A label is needed: what people call it"]);
  for (const [input, text] of [["word", word], ...aliases.map((alias) => ["aliases", alias])]) {
    for (const [known, about] of vocabulary.words) {
      const spellings = [known, ...about.aliases].map(fold);
      if (text && spellings.includes(fold(text))) {
        const what = fold(text) === fold(known) ? "a word" : `another spelling of ${known}`;
        const fate = about.status === "active" ? "" : ` (${about.status})`;
        found.push([input, `${text} is ${what} already${fate}`]);
      }
    }
  }
  if (!word) found.push(["word", "A word is needed"]);
  else if (!GRAMMAR[vocabulary.alphabet].test(word)) found.push(["word", `Words are made of ${SAID[vocabulary.alphabet]}`]);
  return found;
}

/** A campaign's file. */
export function campaignFile(plan) {
  const lines = [
    `slug: ${scalar(plan.slug)}`,
    `label: ${scalar(plan.label)}`,
    `description: ${scalar(plan.description)}`,
    `owner: ${scalar(plan.owner)}`,
    `backup_owner: ${scalar(plan.backup_owner)}`,
    `time_zone: ${scalar(plan.time_zone)}`,
    `start: '${plan.start}'`,
    `end: '${plan.end}'`,
    "status: planned",
  ];
  const fields = Object.entries(plan.fields);
  lines.push(fields.length ? "fields:" : "fields: {}");
  for (const [name, value] of fields) lines.push(`  ${name}: ${scalar(value)}`);
  lines.push(`landing_url: ${address(plan.landing_url)}`, "channels:");
  for (const { format, platforms } of plan.channels) {
    lines.push(`  - format: ${format}`);
    if (platforms.length) lines.push(`    platforms: ${flow(platforms)}`);
  }
  lines.push("success:", `  metric: ${scalar(plan.metric)}`);
  if (plan.continues) lines.push(`continues: ${scalar(plan.continues)}`);
  return `${lines.join("\n")}\n`;
}

/** An address as YAML: plain, where nothing in it could be read otherwise. */
function address(url) {
  return /^https?:\/\/[A-Za-z0-9\-._~/]+$/.test(url) ? url : scalar(url);
}

/** What stands in a campaign's way: pairs of an input and a sentence. */
export function campaignProblems(plan, campaigns) {
  const found = [];
  const need = (input, text) => plan[input].trim() || found.push([input, text]);
  need("label", "A label is needed: what people call it");
  need("description", "A sentence is needed: what it is about");
  if (!GRAMMAR.word.test(plan.slug) || plan.slug.length > 40) {
    found.push(["slug", "The slug is made of a-z and 0-9, with single hyphens between, at most 40 characters"]);
  }
  const same = Object.entries(campaigns).find(([, each]) => each.slug === plan.slug);
  if (same) found.push(["slug", `The campaign ${same[0]} is called ${plan.slug} already (${same[1].label})`]);
  need("owner", "A team is needed");
  need("backup_owner", "A second team is needed, for when the first is away");
  if (plan.owner && plan.owner === plan.backup_owner) found.push(["backup_owner", "The second team is the first one"]);
  need("time_zone", "A time zone is needed, such as Europe/Berlin");
  for (const input of ["start", "end"]) {
    if (!/^20\d\d-\d\d-\d\d$/.test(plan[input])) found.push([input, "A day is needed"]);
  }
  if (plan.start && plan.end && plan.end < plan.start) found.push(["end", "It ends before it starts"]);
  if (!plan.channels.length) found.push(["channels", "At least one channel is needed"]);
  need("metric", "What it is judged by is needed");
  return found;
}

/** Whether a pattern of `registry.yaml` leads to a web page. */
function usable(pattern) {
  return typeof pattern === "string" && /^https:\/\/[^\s]+$/.test(pattern);
}

function filled(pattern, values) {
  const encode = (text) => encodeURIComponent(text).replaceAll("%2F", "/");
  return pattern.replace(/\{(branch|path)\}/g, (_, name) => encode(values[name]));
}

/**
 * The host's page for a new file, with name and contents filled in; null where `registry.yaml` names none. `whole`
 * says whether the contents are in it: long ones are not, and GitLab's editor leaves them out.
 */
export function newFilePage(hosting, branch, path, contents) {
  if (!usable(hosting.new_file_url)) return null;
  const [, folder, name] = /^(.*)\/([^/]*)$/.exec(path);
  const url = new URL(filled(hosting.new_file_url, { branch, path: folder }));
  if (hosting.kind === "gitlab") {
    url.searchParams.set("file_name", name);
    return { url: url.href, whole: false };
  }
  url.searchParams.set("filename", name);
  const bare = url.href;
  url.searchParams.set("value", contents);
  const whole = hosting.kind === "github" && url.href.length <= LIMIT;
  return { url: whole ? url.href : bare, whole };
}

/** The host's page to edit a file; null where `registry.yaml` names none. */
export function editPage(hosting, branch, path) {
  return usable(hosting.edit_url) ? filled(hosting.edit_url, { branch, path }) : null;
}
