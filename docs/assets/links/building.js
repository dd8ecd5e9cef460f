// Builds one link or name: which format is meant, what the campaign fixes, what is missing, where to paste it.
// A port of canonry.app.links; `Book` holds generated/site/utm.json.

import { Channels, automatic } from "./channels.js";
import { Codec } from "./codec.js";
import { Pages } from "./landing.js";
import { bytes, fold, join, nearest, own, repr, sameLetters, size, strip } from "./text.js";

const NAMES = ["creatives", "objects"];

/** A person has to choose. `about` is format, platform or campaign; `choices` are word and label. */
export class Ask extends Error {
  constructor(about, message, choices) {
    super(message);
    this.about = about;
    this.choices = choices;
  }
}

/** What can be built. */
export class Book {
  constructor(data) {
    this.data = data;
    this.codec = new Codec(data.table);
    this.channels = new Channels(this.codec);
    this.pages = new Pages(data.table.domains, data.keys, data.table.platforms);
  }

  label(platform) {
    return (platform && own(this.data.table.platforms, platform)?.label) || platform || "";
  }

  kinds(kind) {
    return kind === "utm" ? ["utm"] : NAMES;
  }

  fieldNames(kind) {
    const contracts = Object.values(this.data.table.contracts);
    const kinds = this.kinds(kind);
    return new Set(contracts.filter((each) => kinds.includes(each.kind)).flatMap((each) => Object.keys(each.fields)));
  }
}

/** The contract that a word means: its short name, an alias, a platform. Throws `Ask` for several. */
export function target(book, kind, word, { platform = null, campaign = null, given = {} } = {}) {
  const { contracts } = book.data.table;
  let named = platform ? knownPlatform(book, platform) : null;
  const key = campaign ? knownCampaign(book, campaign) : null;
  let found = book.kinds(kind).flatMap((each) => book.codec.find(each, word));
  if (!found.length) throw nothingCalled(book, kind, word);
  const byPlatform = book.codec.platform(word);
  if (byPlatform !== null && found.every((each) => contracts[each].platforms.includes(byPlatform))) {
    named = named || byPlatform;
  }
  if (key !== null && found.length > 1) {
    const planned = new Set(plansOf(book, key, named).map((plan) => plan.format));
    const fitting = found.filter((each) => planned.has(each));
    if (fitting.length) found = fitting;
  }
  if (found.length > 1) throw new Ask("format", `${word} can mean ${found.length} formats`, choices(book, found));
  const [format] = found;
  const { platforms, title } = contracts[format];
  if (named !== null && !platforms.includes(named)) {
    const labels = platforms.map((each) => [each, book.label(each)]);
    throw new Ask("platform", `${title} is not written for ${book.label(named)}`, labels);
  }
  if (named === null && platforms.length === 1) [named] = platforms;
  const chosen = { format, platform: named, campaign: null, fixed: {}, landing: null, plans: [] };
  if (key !== null) fix(book, chosen, key, given);
  return chosen;
}

function choices(book, identifiers) {
  const { contracts } = book.data.table;
  return identifiers.map((each) => [contracts[each].name, contracts[each].title]);
}

function nothingCalled(book, kind, word) {
  const { contracts, platforms: known } = book.data.table;
  const live = book.kinds(kind).flatMap((each) => book.codec.live(each));
  const names = live.flatMap((each) => [contracts[each].name, ...contracts[each].aliases]);
  const platforms = [...new Set(live.flatMap((each) => contracts[each].platforms))];
  const labels = platforms.filter((each) => Object.hasOwn(known, each)).map((each) => book.label(each));
  const near = nearest(word, [...names, ...platforms, ...labels]);
  const message = `nothing is called ${repr(word)}${near ? `; did you mean ${repr(near)}?` : ""}`;
  return new Ask("format", message, choices(book, live));
}

function knownPlatform(book, word) {
  const found = book.codec.platform(word);
  if (found !== null) return found;
  const { platforms } = book.data.table;
  const labels = Object.values(platforms).map((each) => each.label).filter(Boolean);
  const near = nearest(word, [...Object.keys(platforms), ...labels]);
  const message = `no platform is called ${repr(word)}${near ? `; did you mean ${repr(near)}?` : ""}`;
  throw new Ask("platform", message, Object.keys(platforms).map((each) => [each, book.label(each)]));
}

function knownCampaign(book, word) {
  const { campaigns } = book.data;
  const wanted = fold(strip(word));
  const every = Object.entries(campaigns);
  const found = every.filter(
    ([key, each]) => wanted === key || wanted === each.slug || sameLetters(word, each.label),
  );
  if (found.length === 1) return found[0][0];
  if (found.length) {
    const message = `${found.length} campaigns are called ${repr(word)}; name one by its id`;
    throw new Ask("campaign", message, found.map(([key, each]) => [key, each.label]));
  }
  const near = nearest(word, [...every.map(([, each]) => each.slug), ...every.map(([key]) => key)]);
  const message = `no campaign is called ${repr(word)}${near ? `; did you mean ${repr(near)}?` : ""}`;
  throw new Ask("campaign", message, every.map(([, each]) => [each.slug, each.label]));
}

function plansOf(book, key, platform) {
  return book.data.campaigns[key].channels.filter(
    (plan) => !platform || !plan.platforms.length || plan.platforms.includes(platform),
  );
}

/** Fields that the campaign fixes: its own, its slug and id, and what all fitting channels agree on. */
function fix(book, chosen, key, given) {
  const campaign = book.data.campaigns[key];
  let plans = plansOf(book, key, chosen.platform).filter((plan) => plan.format === chosen.format);
  const agreeing = plans.filter((plan) =>
    Object.entries(given).every(([name, value]) => (own(plan.fields, name) ?? value) === value),
  );
  if (agreeing.length) plans = agreeing;
  chosen.campaign = key;
  chosen.plans = plans;
  if (chosen.platform === null) {
    const named = new Set(plans.flatMap((plan) => plan.platforms));
    if (named.size === 1 && plans.every((plan) => plan.platforms.length === 1)) [chosen.platform] = named;
  }
  const fixed = { slug: campaign.slug, ...campaign.fields };
  if (plans.length) {
    const first = plans[0].fields;
    for (const [name, value] of Object.entries(first)) {
      if (plans.every((plan) => own(plan.fields, name) === value)) fixed[name] = value;
    }
    if (plans.length > 1) {
      for (const name of new Set(plans.flatMap((plan) => Object.keys(plan.fields)))) {
        if (new Set(plans.map((plan) => own(plan.fields, name))).size > 1) delete fixed[name];
      }
    }
  }
  const { fields } = book.codec.contract(chosen.format);
  for (const [name, field] of fields) {
    if (field.spec.type === "id" && field.spec.of === "campaign") fixed[name] = key;
  }
  const creatives = [...new Set(plans.flatMap((plan) => plan.creatives))];
  if (creatives.length === 1) {
    for (const [name, field] of fields) if (field.spec.type === "name") fixed[name] ??= creatives[0];
  }
  chosen.fixed = Object.fromEntries(Object.entries(fixed).filter(([name]) => fields.has(name)));
  const landings = [...new Set(plans.map((plan) => plan.landing_url).filter(Boolean))];
  chosen.landing = landings.length === 1 ? landings[0] : campaign.landing_url;
}

/** The platform whose macros are written; null for the form without any. See the Python. */
export function formOf(book, chosen, given, macros = null) {
  const contract = book.codec.contract(chosen.format);
  if (macros === false || chosen.platform === null || !contract.forms.has(chosen.platform)) return null;
  if (macros === null) {
    const { names } = contract.form(chosen.platform);
    const lost = Object.entries(given).some(
      ([name, value]) => value && contract.fields.has(name) && !names.includes(name),
    );
    if (lost) return null;
  }
  return chosen.platform;
}

/** One link or name; the members of the answer are those of `canonry.app.links.build`. */
export function build(book, chosen, given, { url = null, way = null, macros = null } = {}) {
  const contract = book.codec.contract(chosen.format);
  const fields = { ...chosen.fixed, ...given };
  const form = formOf(book, chosen, given, macros);
  const built = contract.build(fields, form);
  const written = contract.form(form);
  const answer = {
    ok: built.ok,
    format: chosen.format,
    title: contract.table.title,
    platform: chosen.platform,
    campaign: chosen.campaign,
    fields,
    params: built.params,
    macros: Object.fromEntries(built.macros.map((key) => [key, written.macros.get(key).macro])),
    notes: built.notes,
    problems: built.problems,
    unwritten: Object.entries(given)
      .filter(([name, value]) => value && contract.fields.has(name) && !written.names.includes(name))
      .map(([name]) => name),
    replaced: Object.entries(given)
      .filter(([name, value]) => Object.hasOwn(chosen.fixed, name) && value && value !== chosen.fixed[name])
      .map(([name, value]) => [name, chosen.fixed[name], value]),
  };
  if (contract.kind !== "utm") {
    answer.name = built.name;
    return answer;
  }
  return link(book, chosen, answer, url, way);
}

function link(book, chosen, answer, url, way) {
  const links = (chosen.platform && own(book.data.table.platforms, chosen.platform)?.links) || {};
  answer.way = way || links.form || "url";
  answer.paste = links.paste ?? null;
  answer.landing = { notes: [], problems: [] };
  answer.url = null;
  answer.text = null;
  answer.channel = null;
  const page = url !== null ? url : chosen.landing;
  let base = null;
  if (page !== null) {
    const landing = book.pages.look(page);
    answer.landing = { notes: landing.notes, problems: landing.problems };
    answer.ok = answer.ok && !landing.problems.length;
    base = landing.url;
  } else if (answer.way === "url") {
    answer.ok = false;
    answer.landing.problems.push(["link-scheme", "there is no landing page", "--url https://..."]);
  }
  if (!answer.ok) return answer;
  const raw = new Set(Object.keys(answer.macros));
  answer.url = base !== null ? join(base, answer.params, raw) : null;
  const limit = links.max ?? null;
  if (limit !== null && answer.url !== null) {
    const unit = links.unit || "chars";
    const length = unit === "bytes" ? bytes(answer.url).length : size(answer.url);
    if (length > limit) {
      const [has, takes] = [length, limit].map((count) => count.toLocaleString("en"));
      const message = `the link has ${has} ${unit}; ${book.label(chosen.platform)} takes ${takes}`;
      answer.landing.problems.push(["link-long", message, "a shorter landing page"]);
      answer.ok = false;
      return answer;
    }
  }
  const suffix = join("", answer.params, raw).slice(1);
  answer.text = answer.way === "url" ? answer.url : suffix;
  answer.channel = channelOf(book, chosen, answer.params);
  return answer;
}

/** Where GA4 files the link: `name`, `because`, `own` (the company's), `lines` on automatic tagging. */
export function channelOf(book, chosen, params) {
  const values = new Map(params);
  const where = ["utm_source", "utm_medium", "utm_campaign"].map((key) => values.get(key) ?? null);
  const decided = book.channels.decide(...where);
  const others = book.channels.groups.slice(1).map((group) => book.channels.decide(...where, group).channel);
  const contract = book.data.table.contracts[chosen.format];
  const platforms = chosen.platform ? [chosen.platform] : contract.platforms;
  return {
    name: decided.channel,
    because: decided.because,
    own: others.filter((each) => each !== decided.channel),
    lines: automatic(book.codec, contract.tagging, platforms, "the channels of its network"),
  };
}
