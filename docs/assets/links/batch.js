// Rows of a sheet to links: columns by their headings, a plan per kind of row, a result per row.
// A port of canonry.app.batch for cells of text.

import { Ask, target } from "./building.js";
import { sentence } from "./reader.js";
import { fold, join, nearest, strip } from "./text.js";

const HEADINGS = {
  format: ["format", "utm_format", "name_format"],
  platform: ["platform", "network"],
  campaign: ["campaign", "campaign_slug"],
  url: ["url", "landing_url", "landing_page", "final_url", "destination_url", "destination", "page"],
};
const ROLES = new Set(Object.values(HEADINGS).flat());
const ROUNDED = /^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$/;

/** One sheet's rows to results: link, channel, notes, error. */
export class Batch {
  constructor(book, header, defaults = {}) {
    this.book = book;
    this.defaults = { format: null, platform: null, campaign: null, url: null, way: null, macros: null, fields: {}, ...defaults };
    this.header = header.map(heading);
    this.places = Object.fromEntries(
      Object.entries(HEADINGS).map(([role, names]) => [role, this.header.findIndex((cell) => names.includes(cell))]),
    );
    this.plans = new Map();
    this.landings = new Map();
  }

  /** Whether any column says something that can be built with. */
  get understood() {
    const fields = this.book.fieldNames("utm");
    return Object.values(this.places).some((place) => place >= 0) || this.header.some((cell) => fields.has(cell));
  }

  /** Headings that stand there twice and mean something, so that nobody can say which column counts. */
  get repeated() {
    const fields = this.book.fieldNames("utm");
    return this.header.filter(
      (cell, place) => cell && this.header.indexOf(cell) < place && (fields.has(cell) || ROLES.has(cell)),
    );
  }

  /** The results of one row, the error last; a blank row has none. */
  row(cells) {
    const key = ["format", "platform", "campaign"].map((role) => strip(cells[this.places[role]] ?? ""));
    const place = JSON.stringify(key);
    if (!this.plans.has(place)) {
      if (!cells.some(Boolean)) return ["", "", "", ""];
      this.plans.set(place, this.planned(...key));
    }
    const plan = this.plans.get(place);
    if (!cells.some(Boolean)) return ["", "", "", ""];
    return typeof plan === "string" ? ["", "", "", plan] : this.built(plan, cells);
  }

  built(plan, cells) {
    const fields = { ...plan.fixed };
    for (const [place, name] of plan.columns) {
      const value = cells[place];
      if (value) fields[name] = value.startsWith(" ") || value.endsWith(" ") ? strip(value) : value;
    }
    const form = plan.macros !== null && !plan.onlyStatic.some((place) => cells[place]) ? plan.macros : plan.static;
    const { params, notes, problems } = form.params(fields);
    if (problems.length || cells.length > this.header.length) {
      return ["", "", "", this.explained(plan, problems, cells)];
    }
    const page = (this.places.url >= 0 ? cells[this.places.url] : "") || plan.url || "";
    if (!this.landings.has(page)) this.landings.set(page, this.book.pages.look(page));
    const landing = this.landings.get(page);
    if (landing.problems.length) {
      const [, message, advice] = landing.problems[0];
      return ["", "", "", advice ? `${message}. Instead: ${advice}` : message];
    }
    const values = new Map(params);
    const where = ["utm_source", "utm_medium", "utm_campaign"].map((name) => values.get(name) ?? "");
    const { channel } = this.book.channels.decide(...where);
    const base = ["suffix", "params"].includes(this.defaults.way) ? "" : landing.url;
    const link = join(base, params, form.macros);
    const said = [
      ...landing.notes.map(([, message]) => message),
      ...notes.map((note) => sentence(note, plan.target.format)),
    ];
    return [base ? link : link.slice(1), channel, said.join("; "), ""];
  }

  explained(plan, problems, cells) {
    const said = [];
    if (cells.length > this.header.length) {
      said.push(`the row has ${cells.length} cells, the heading ${this.header.length}`);
    }
    for (const problem of problems) {
      const { field: name, found } = problem;
      if (found && ROUNDED.test(String(found))) {
        said.push(`${name}: a spreadsheet has rounded the number to ${found}; type it as text`);
        continue;
      }
      let text = sentence(problem, plan.target.format);
      if (problem.reason === "field-missing" && !this.header.includes(name)) {
        const near = nearest(name, [...new Set(this.header)].filter(Boolean));
        text += `; the sheet has no column ${name}${near ? ` (is it ${near}?)` : ""}`;
      } else if (problem.nearest) {
        text += `. Instead: ${problem.nearest}`;
      }
      said.push(text);
    }
    return said.join("; ");
  }

  /** A plan, or why there is none. */
  planned(word, platform, campaign) {
    const { defaults, book } = this;
    const where = platform || defaults.platform;
    const what = word || (defaults.format ? "" : platform) || defaults.format;
    if (!what) return "which format? Add a column 'format' or 'platform', or say --use FORMAT";
    let chosen;
    try {
      chosen = target(book, "utm", what, {
        platform: where || null,
        campaign: campaign || defaults.campaign,
        given: defaults.fields,
      });
    } catch (error) {
      if (!(error instanceof Ask)) throw error;
      return `${error.message}: ${error.choices.slice(0, 12).map(([choice]) => choice).join(", ")}`;
    }
    const contract = book.codec.contract(chosen.format);
    const macros = defaults.macros !== false ? (contract.forms.get(chosen.platform) ?? null) : null;
    const columns = [...this.header.entries()].filter(([, cell]) => contract.fields.has(cell));
    const given = Object.entries(defaults.fields).filter(([name]) => contract.fields.has(name));
    const onlyStatic = columns
      .filter(([, name]) => macros !== null && !macros.names.includes(name))
      .map(([place]) => place);
    return {
      target: chosen,
      static: contract.form(null),
      macros,
      columns,
      onlyStatic: defaults.macros ? [] : onlyStatic,
      fixed: { ...chosen.fixed, ...Object.fromEntries(given) },
      url: defaults.url || chosen.landing,
    };
  }
}

function heading(cell) {
  return fold(strip(cell || "").replace(/^'+/, "")).replace(/[ -]/g, "_").replace(/[*:]+$/, "");
}
