// Everything that canonry says of a pasted link: decoded fields, channel, what is wrong, the corrected link.
// A port of canonry.naming.links: `canonry utm parse` and this page give the same answers.

import { Channels } from "./channels.js";
import * as personal from "./personal.js";
import { ascii, fold, head, repr, shown, size } from "./text.js";
import { read as readLink } from "./url.js";

const ANALYTICS_LIMIT = 1000; // characters of a page's address that GA4 keeps
const VALUE_LIMIT = 100; // characters of a parameter's value that GA4 surely keeps
const RESERVED = new Set([
  "(not set)", "(none)", "(direct)", "(organic)", "(referral)", "(other)", "(ai-assistant)",
  "ai-assistant", "direct", "none", "null", "undefined", "organic", "referral",
]);
const MARKS = ["{", "$", "%", "__"];
export const RULE_OF_REASON = {
  "word-unknown": "link-value-unknown",
  "word-retired": "link-word-retired",
  "word-deprecated": "link-word-deprecated",
  retired: "link-word-retired",
  case: "link-spelling",
  alias: "link-spelling",
  zeros: "link-spelling",
  "date-written": "link-spelling",
  name: "link-spelling",
  legacy: "link-legacy-template",
  combination: "link-combination",
  "values-disagree": "link-values-disagree",
  "parameter-missing": "link-parameter-missing",
  "parameter-foreign": "link-parameter-foreign",
  "id-mistyped": "link-id-mistyped",
  "macro-value": "link-macro-value",
};

const marked = (value) => MARKS.some((mark) => value.includes(mark));
const number = (value) => value.toLocaleString("en");

/** Reads links against one table. */
export class Reader {
  constructor(codec) {
    this.codec = codec;
    this.channels = new Channels(codec);
    this.groups = this.channels.groups.slice(1);
    this.known = codec.keys();
    const platforms = Object.entries(codec.table.platforms);
    this.clickIds = new Map(platforms.flatMap(([name, each]) => each.click_ids.map((key) => [key, name])));
    this.macros = new Map();
    for (const [name, platform] of platforms) {
      for (const macro of Object.keys(platform.macros).filter(shaped)) {
        if (!this.macros.has(macro)) this.macros.set(macro, []);
        this.macros.get(macro).push(name);
      }
    }
    const listed = platforms.flatMap(([name, each]) => each.not_macros.map((wrong) => [wrong.split(" ")[0], name]));
    this.notMacros = new Map(listed.filter(([wrong]) => shaped(wrong)));
    this.patterns = platforms
      .map(([name, each]) => [name, codec.automaton(each.macro_dfa ?? null)])
      .filter(([, automaton]) => automaton !== null);
    this.domains = codec.table.domains;
  }

  /**
   * What one link says. `live`: the link was clicked, so that a macro in it was left unexpanded; false: it is one
   * to paste; null: nobody knows, and a link with every macro of its platform's form is one to paste.
   */
  read(text, live = null) {
    const link = readLink(text, this.known, this.macros);
    this.personal(link);
    const tags = new Map(link.params.filter(([key]) => this.known.has(key) || key.startsWith("utm_")));
    const found = this.codec.readParams(tags);
    if (!tags.size) Object.assign(found, { format: null, platform: null }); // none is nearer than another
    this.host(link);
    this.click(link, found);
    this.leftMacros(link, found, tags, live);
    if (!tags.size) {
      const message = "the link carries no parameter that a format writes";
      link.issue("link-untagged", message, "canonry utm build");
    } else {
      const left = link.issues.filter((each) => each.name.includes("macro") && each.param);
      const filled = new Set(left.map((each) => each.param));
      link.issues.push(...this.findings(found, filled));
      this.values(link, found, tags);
    }
    const channel = this.channel(tags);
    const declared = this.otherChannel(found, channel);
    if (declared !== null) {
      const message = `the link lands in ${channel.channel} (${channel.because}), not in ${declared}`;
      link.issue("link-channel", message, `see canonry show ${found.format}`, { found: channel.channel });
    }
    this.correct(link, found, tags);
    const telling = link.issues.some((each) => ["link-personal-data", "link-userinfo"].includes(each.name));
    return {
      link: telling ? personal.masked(text) : text,
      status: found.status,
      format: found.format,
      platform: found.platform,
      fields: found.fields,
      expanded: found.expanded,
      channel,
      issues: link.issues,
      corrected: link.url(),
    };
  }

  /** The channel in the default group, and in the company's where that says something else. */
  channel(tags) {
    if (!tags.size) return null;
    const values = ["utm_source", "utm_medium", "utm_campaign"].map((key) => tags.get(key) ?? null);
    const decided = this.channels.decide(...values);
    const others = this.groups.map((group) => this.channels.decide(...values, group));
    return { ...decided, custom: others.filter((each) => each.channel !== decided.channel) };
  }

  /** The declared channel, where the link lands in another one. */
  otherChannel(found, channel) {
    if (found.format === null || found.status === "rejected" || channel === null) return null;
    const declared = this.codec.table.contracts[found.format].channel;
    return declared !== null && declared !== channel.channel ? declared : null;
  }

  /** Takes personal data out of the link before anything else looks at it. */
  personal(link) {
    const kept = [];
    for (const [key, value] of link.params) {
      const sort = personal.sortOf(key, value);
      if (sort === null) {
        kept.push([key, value]);
        continue;
      }
      const hidden = personal.maskedValue(value);
      const message = `${key} holds ${sort} (${hidden}): it must reach no analytics tool`;
      link.issue("link-personal-data", message, "remove the parameter", { param: key, found: hidden });
    }
    link.params = kept;
    if (personal.sortOf("", link.path) !== null || personal.sortOf("", link.fragment) !== null) {
      link.issue("link-personal-data", "the path holds an e-mail address", "remove it");
      link.path = personal.masked(link.path);
      link.fragment = personal.masked(link.fragment);
    }
  }

  host(link) {
    const host = link.host.split(":")[0];
    if (!host) return;
    const { domains } = this;
    if (oneOf(host, domains.landing) || oneOf(host, domains.short_link)) return;
    if (oneOf(host, domains.payment)) {
      const message = `${host} takes payments; campaigns lead elsewhere`;
      link.issue("link-host-elsewhere", message, "", { found: host });
    } else if (oneOf(host, domains.own)) {
      const message =
        `${host} is a page of ours to which no campaign leads: tags on a link between our pages ` +
        "overwrite where the visitor came from";
      link.issue("link-internal", message, "no tags", { found: host });
    } else if (domains.landing.length) {
      link.issue("link-host-elsewhere", `${host} is no landing host of ours`, "", { found: host });
    }
  }

  /** Click ids belong to one click, and to one platform. */
  click(link, found) {
    const allowed = found.format === null ? null : this.codec.table.contracts[found.format].platforms;
    const kept = [];
    for (const [key, value] of link.params) {
      const owner = this.clickIds.get(key);
      if (owner === undefined) {
        kept.push([key, value]);
        continue;
      }
      const label = shown(this.codec.table.platforms[owner].label);
      if (allowed !== null && !allowed.includes(owner)) {
        const message = `${key} is ${label}'s click id on a link of another channel: it was shared or copied`;
        link.issue("link-click-id-elsewhere", message, "remove it", { param: key });
      } else {
        const message = `${key} is ${label}'s mark of one click`;
        link.issue("link-click-id", message, "not part of a link", { param: key });
      }
    }
    link.params = kept;
  }

  leftMacros(link, found, tags, asked) {
    let expected = new Set(
      Object.entries(found.expanded).filter(([, each]) => each.macro !== undefined).map(([key]) => key),
    );
    const { platforms: known, contracts } = this.codec.table;
    let live = asked;
    if (live === null) {
      const wanted = this.macroKeys(found);
      const refused = new Set(found.rejections.map((each) => each.param ?? null));
      if (refused.size) {
        // no form read it; the nearest one says which macros belong there
        expected = new Set([...wanted].filter(([key, macro]) => tags.get(key) === macro).map(([key]) => key));
      }
      live = !(expected.size && [...wanted.keys()].every((key) => expected.has(key) || refused.has(key)));
      if (!live) {
        const label = shown(known[found.platform].label);
        const message = `it holds ${label}'s macros: right to paste there, wrong in a report or anywhere else`;
        link.issue("link-macro-waiting", message);
      }
    }
    const platforms = found.format === null ? [] : contracts[found.format].platforms;
    for (const [key, value] of tags) {
      const seen = this.macro(value, [found.platform, ...platforms].filter(Boolean));
      if (seen === null) continue;
      const [owner, macro, problem] = seen;
      const label = shown(known[owner].label);
      if (problem !== null) {
        link.issue("link-macro-wrong", `${macro} ${problem} (${label})`, "", { param: key, found: macro });
      } else if (expected.has(key) && !live) {
        link.raw.set(key, value);
      } else if (platforms.length && !platforms.includes(owner)) {
        const message = `${macro} is a macro of ${label}, where this format does not run`;
        link.issue("link-macro-wrong", message, "", { param: key, found: macro });
      } else if (live || !expected.has(key)) {
        const message = live ? `${macro} was not filled in by ${label}` : `${macro} does not belong here`;
        link.issue("link-macro-unexpanded", message, "", { param: key, found: macro });
      }
      link.raw.set(key, value);
    }
  }

  /** The parameters that the format fills with macros on the platform that was found, and the macros. */
  macroKeys(found) {
    if (found.format === null || found.platform === null) return new Map();
    const { params } = this.codec.table.contracts[found.format].forms[found.platform];
    return new Map(
      Object.entries(params).filter(([, part]) => part.macro !== undefined).map(([key, part]) => [key, part.macro]),
    );
  }

  /** Platform, macro and what is wrong with it, for a value that holds one. */
  macro(value, likely) {
    if (!marked(value) && fold(value) === value) return null;
    let found = null;
    for (const macro of this.macros.keys()) {
      if (value.includes(macro) && (found === null || size(macro) > size(found))) found = macro;
    }
    if (found !== null) {
      const owners = this.macros.get(found);
      const owner = likely.find((name) => owners.includes(name)) ?? owners[0];
      const carries = this.codec.table.platforms[owner].personal.includes(found);
      return [owner, found, carries ? "carries personal data" : null];
    }
    for (const [wrong, name] of this.notMacros) {
      if (value.includes(wrong)) return [name, wrong, "looks like a macro but is none"];
    }
    const near = this.patterns.filter(([name]) => likely.includes(name));
    for (const [name, automaton] of [...near, ...this.patterns]) {
      if (marked(value) && automaton.accepts(value)) return [name, head(value, 80), "is no macro that is known"];
    }
    return null;
  }

  /** What the codec says, but for parameters in which a macro was left. */
  findings(found, filled) {
    const issues = [];
    for (const each of [...found.rejections, ...found.notes]) {
      if (filled.has(each.param ?? null)) continue;
      const name = RULE_OF_REASON[each.reason] ?? "link-value-invalid";
      const right = name === "link-word-deprecated" ? each.nearest : each.right || each.nearest;
      issues.push({
        name,
        message: sentence(each, found.format),
        suggestion: right || "",
        param: each.param ?? null,
        found: each.found,
        nearest: each.nearest,
      });
    }
    const say = (name, message, suggestion) =>
      issues.push({ name, message, suggestion, param: null, found: null, nearest: null });
    if (found.status === "rejected" && !found.rejections.length) {
      say("link-format-unknown", "no format of this registry writes such a link", "canonry list utm");
    }
    const formats = [...new Set(found.readings.map((reading) => reading.format))].sort();
    if (formats.length > 1) say("link-ambiguous", `the link belongs to several formats: ${formats.join(", ")}`, "");
    return issues;
  }

  values(link, found, tags) {
    for (const [key, value] of tags) {
      if (RESERVED.has(fold(value)) && found.status !== "right") {
        const message = `${value} is a value that analytics tools write themselves`;
        link.issue("link-value-reserved", message, "", { param: key, found: value });
      }
      if (!ascii(value)) {
        const message = "letters beyond a-z are spelt in several ways and tripled in length";
        link.issue("link-value-letters", message, "", { param: key, found: head(value, 80) });
      }
      if (size(value) > VALUE_LIMIT) {
        const message = `${key} has ${size(value)} characters; GA4 surely keeps ${VALUE_LIMIT}`;
        link.issue("link-value-long", message, "", { param: key });
      }
    }
    const length = size(link.url());
    if (length > ANALYTICS_LIMIT) {
      const message = `the link has ${number(length)} characters; GA4 keeps ${number(ANALYTICS_LIMIT)} of an address`;
      link.issue("link-long", message);
    }
  }

  /** Puts the right parameters in place of those found, as far as they are known. */
  correct(link, found, tags) {
    let right;
    if (found.right !== null) {
      right = new Map(found.right);
      for (const [key, seen] of Object.entries(found.expanded)) {
        if (seen.macro === undefined && tags.has(key)) right.set(key, tags.get(key));
      }
    } else {
      right = new Map(tags);
      for (const each of [...found.rejections, ...found.notes]) {
        const { param: key, found: wrong } = each;
        const meant = each.right || each.nearest;
        if (right.has(key) && wrong && meant && right.get(key).split(wrong).length === 2) {
          right.set(key, right.get(key).replace(wrong, () => meant));
        } else if (!right.has(key) && meant && this.macros.has(meant)) {
          right.set(key, meant); // the macro that belongs there
        }
        if (this.macros.has(meant) && right.get(key) === meant) link.raw.set(key, meant);
      }
      right = this.derived(right);
    }
    link.params = [...link.params.filter(([key]) => !tags.has(key)), ...right];
  }

  /**
   * The parameters with what the others tell: the one medium of a format, the id that the campaign ends in. As they
   * are where that is not enough for a link, and where anything that was given would be dropped.
   */
  derived(tags) {
    const found = tags.size ? this.codec.readParams(tags) : null;
    if (found === null || found.status !== "rejected" || found.format === null || Object.keys(found.expanded).length) {
      return tags;
    }
    const built = this.codec.build(found.format, found.fields);
    const right = new Map(built.params);
    return built.ok && !built.notes.length && [...tags.keys()].every((key) => right.has(key)) ? right : tags;
  }
}

function oneOf(host, hosts) {
  return hosts.some((known) => host === known || (known.startsWith("*.") && host.endsWith(known.slice(1))));
}

/** Whether a macro can be told from a plain word: bare names of tools such as `campaign_name` cannot. */
function shaped(macro) {
  const capitals = macro === macro.toUpperCase() && macro !== macro.toLowerCase();
  return /[{}%$]/.test(macro) || macro.startsWith("__") || (capitals && macro.includes("_"));
}

/** A problem, note or rejection of the codec in words. */
export function sentence(each, identifier = null) {
  let where = each.param ? `${each.param}: ` : "";
  if (each.token) where += `word ${each.token}, `;
  const about = where + (each.field ? `${each.field}: ` : "");
  const { found, expected } = each;
  const format = identifier || "the format";
  switch (each.reason) {
    case "parameter-missing":
      return `${where}missing; ${format} writes ${expected}`;
    case "parameter-foreign":
      return `${where}${format} has no such parameter`;
    case "field-missing":
      return `${about}missing; expected ${expected}`;
    case "field-unknown":
      return `${each.field} is no field; there are ${expected.replace(/^one of /, "")}`;
    case "token-missing":
      return `${about}nothing stands here; expected ${expected}`;
    case "token-superfluous":
      return `${where}${repr(found)} is one word too many; the template is ${expected.slice(expected.indexOf(": ") + 2)}`;
    case "combination":
      return `${where}${found} do not go together; allowed: ${expected}`;
    case "legacy":
      return `the link follows an older template of ${format}`;
    case "word-deprecated":
      return `${about}${repr(found)} is on its way out; use ${expected}`;
    case "word-retired":
    case "retired":
      return `${about}${repr(found)} is retired; expected ${expected}`;
    case "case":
    case "alias":
    case "zeros":
    case "name":
    case "date-written":
      return `${about}${repr(found)} should be ${repr(each.right || each.nearest)}`;
    case "id-mistyped":
      return `${about}${repr(found)} fails its check: a character is mistyped or two are swapped`;
    case "values-disagree":
      return `${about}${repr(found)}; expected ${expected}`;
    default:
      return `${about}${repr(found)} is not allowed; expected ${expected}`;
  }
}
