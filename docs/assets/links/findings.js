// What is wrong with links, as findings: rule, level, sentence, advice. A port of canonry.app.reading.

import { RULE_OF_REASON, sentence } from "./reader.js";

const LEVELS = ["note", "warning", "error"];

/** Findings by the rules of a registry. */
export class Findings {
  constructor(book) {
    this.book = book;
    this.rules = new Map(Object.entries(book.data.rules));
    this.levels = new Map(Object.entries(book.data.levels));
  }

  /** One finding; null where policy has switched its rule off. */
  finding(name, message, { suggestion = "", details = {}, policy = false } = {}) {
    const rule = this.rules.get(name);
    const judged = policy ? (this.levels.get(rule.code) ?? this.levels.get(name)) : undefined;
    if (judged === "off") return null;
    return { code: rule.code, name, level: judged || rule.level, message, suggestion: suggestion || null, ...details };
  }

  /** The findings of a link that was read, the worst first. */
  ofIssues(issues) {
    const found = issues.map(({ name, message, suggestion, param, found: what, nearest }) =>
      this.finding(name, message, { suggestion, details: { param, found: what, nearest }, policy: true }),
    );
    return found
      .filter((each) => each !== null)
      .sort((one, other) => LEVELS.indexOf(other.level) - LEVELS.indexOf(one.level));
  }

  /** The findings of problems or notes of the codec, at one level. */
  ofCodec(problems, identifier, level) {
    return problems.map((each) => {
      const made = this.finding(RULE_OF_REASON[each.reason] ?? "link-value-invalid", sentence(each, identifier), {
        suggestion: String(each.right || each.nearest || ""),
        details: { field: each.field ?? null, found: each.found ?? null, nearest: each.nearest ?? null },
      });
      return { ...made, level };
    });
  }

  /** Everything that is to be said of a link that was built, or could not be. */
  ofBuilding(answer) {
    const found = this.ofCodec(answer.problems, answer.format, "error");
    const landing = answer.landing || { problems: [], notes: [] };
    for (const [name, message, suggestion] of landing.problems) {
      found.push({ ...this.finding(name, message, { suggestion }), level: "error" });
    }
    for (const [name, message, suggestion] of landing.notes) {
      const made = this.finding(name, message, { suggestion });
      found.push({ ...made, level: made.level === "error" ? "warning" : made.level });
    }
    found.push(...this.ofCodec(answer.notes, answer.format, "note"));
    for (const name of answer.unwritten) {
      const label = this.book.label(answer.platform) || "the platform";
      const message = `${name} is not written: ${label} fills in that part itself (--no-macros writes it)`;
      found.push(this.finding("link-value-unused", message));
    }
    for (const [name, before, after] of answer.replaced) {
      found.push(this.finding("link-value-replaced", `${name}: ${after} was given, where the campaign says ${before}`));
    }
    return found;
  }
}
