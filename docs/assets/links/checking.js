// Links that were pasted: what each says, what is wrong with it and what it should be. A port of canonry.app.parsed.

import { Findings } from "./findings.js";
import { Reader } from "./reader.js";
import { own, shown } from "./text.js";

/** Field, value, and what the value means (empty where it says all itself), in the order of the format. */
export function inWords(codec, identifier, fields) {
  const known = identifier !== null && codec.has(identifier) ? codec.contract(identifier).fields : new Map();
  return Object.entries(fields).map(([name, value]) => {
    const spec = known.get(name)?.spec ?? {};
    let meaning = "";
    if (spec.vocabulary !== undefined) meaning = codec.label(spec.vocabulary, value) || "";
    const text = shown(value);
    return [name, text, meaning.toLowerCase() === text.toLowerCase() ? "" : meaning];
  });
}

/** Reads links one after the other. */
export class Checker {
  constructor(book) {
    this.book = book;
    this.reader = new Reader(book.codec);
    this.findings = new Findings(book);
  }

  /** One link: what `canonry utm parse --format json` answers, without place and fingerprint. */
  read(text) {
    const report = this.reader.read(text);
    const findings = this.findings.ofIssues(report.issues);
    const { channel } = report;
    const words = inWords(this.book.codec, report.format, report.fields);
    const answer = {
      link: report.link,
      status: report.status,
      format: report.format,
      title: (report.format && own(this.book.data.table.contracts, report.format)?.title) || null,
      platform: report.platform,
      fields: report.fields,
      meanings: Object.fromEntries(words.filter(([, , meaning]) => meaning).map(([name, , meaning]) => [name, meaning])),
      channel: channel ? channel.channel : null,
      channel_because: channel ? channel.because : null,
      own_channel: channel && channel.custom.length ? channel.custom[0].channel : null,
      expanded: report.expanded,
      findings,
      corrected: findings.length && report.corrected.includes("://") ? report.corrected : null,
    };
    answer.corrected_right = answer.corrected === null ? null : this.reader.read(answer.corrected).status === "right";
    answer.verdict = verdict(answer);
    return answer;
  }
}

/** `right`, `to correct` or `unreadable`. */
function verdict({ status, findings, corrected, link }) {
  if (status === "rejected") return "unreadable";
  if (!findings.length) return status === "right" ? "right" : "to correct";
  const settled = findings.every((finding) => finding.level === "note");
  return settled && (corrected === null || corrected === link) ? "right" : "to correct";
}
