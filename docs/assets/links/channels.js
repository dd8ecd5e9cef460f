// Which channel GA4 gives to a visit, by source, medium and campaign: the first rule that takes it.
// A port of canonry.naming.runtime.channels.

import { fold, own } from "./text.js";

const DEFAULT = "default";
const MEMORY = 10_000;

/** The channel groups of a table. */
export class Channels {
  constructor(codec) {
    this.codec = codec;
    this.table = codec.table.channels;
    this.categories = new Map(
      Object.entries(this.table.categories).map(([name, sources]) => [name, new Set(sources)]),
    );
    this.memory = new Map();
    this.groups = Object.keys(this.table.groups);
  }

  /** The channel and the rule that took the visit; `rule` counts from 1 and is null for the fallback. */
  decide(source, medium, campaign, group = DEFAULT) {
    const described = this.table.groups[group];
    const values = { campaign: campaign ? fold(campaign) : null };
    let fallen = null;
    if (group !== DEFAULT) {
      fallen = this.decide(source, medium, campaign);
      values.default_channel = fold(fallen.channel);
    }
    for (const [number, rest] of this.possible(group, source, medium)) {
      if (rest === null || this.holds(rest, values)) {
        const rule = described.rules[number];
        return {
          channel: rule.channel,
          rule: number + 1,
          group,
          effective: described.effective,
          because: rule.because,
        };
      }
    }
    if (fallen !== null) return fallen;
    return {
      channel: described.fallback,
      rule: null,
      group,
      effective: described.effective,
      because: "no rule takes it",
    };
  }

  /** The rules that may take this source and medium, up to one that surely does, with what is left to ask. */
  possible(group, source, medium) {
    const key = `${group.length} ${(source || "").length} ${group} ${source || ""} ${medium || ""}`;
    let found = this.memory.get(key);
    if (found === undefined) {
      found = [];
      const known = { source: source ? fold(source) : null, medium: medium ? fold(medium) : null };
      const { rules } = this.table.groups[group];
      for (const [number, rule] of rules.entries()) {
        const rest = this.residual(rule.when, known);
        if (rest === false) continue;
        found.push([number, rest === true ? null : rest]);
        if (rest === true) break;
      }
      if (this.memory.size > MEMORY) this.memory.clear();
      this.memory.set(key, found);
    }
    return found;
  }

  /** The condition with what is known carried out: a truth, or a condition on the other fields. */
  residual(when, values) {
    if (when.not) {
      const rest = this.residual(when.not, values);
      return typeof rest === "boolean" ? !rest : { not: rest };
    }
    for (const [group, decides] of [["all", false], ["any", true]]) {
      if (when[group]) {
        const rests = when[group].map((part) => this.residual(part, values));
        if (rests.includes(decides)) return decides;
        const left = rests.filter((rest) => typeof rest !== "boolean");
        if (!left.length) return !decides;
        return left.length > 1 ? { [group]: left } : left[0];
      }
    }
    return Object.hasOwn(values, when.field) ? this.holds(when, values) : when;
  }

  /** Whether a condition holds of values that are all known. */
  holds(when, values) {
    if (when.all) return when.all.every((part) => this.holds(part, values));
    if (when.any) return when.any.some((part) => this.holds(part, values));
    if (when.not) return !this.holds(when.not, values);
    const value = values[when.field];
    if (when.needs !== undefined && (value === null || !value.includes(when.needs))) return false;
    return this.test(when.op, when.value, value);
  }

  test(op, wanted, value) {
    if (op === "is_null") return value === null;
    if (value === null) return false;
    switch (op) {
      case "exact":
        return value === wanted;
      case "in":
        return wanted.includes(value);
      case "contains":
        return value.includes(wanted);
      case "begins_with":
        return value.startsWith(wanted);
      case "ends_with":
        return value.endsWith(wanted);
      case "in_category":
        return this.categories.get(wanted).has(value);
      default:
        return this.codec.automaton(wanted).accepts(value);
    }
  }
}

/** What may be said of traffic that a platform tags by itself; empty where all of it is tagged by hand. */
export function automatic(codec, tagging, platforms, otherwise) {
  if (tagging === "manual") return [];
  const likely = platforms.flatMap((name) => own(codec.table.platforms, name)?.auto_tagging ?? []);
  const listed = [...new Set(likely)].join(", ") || otherwise;
  return [`with a click id GA4 decides by network: one of ${listed}`];
}
