// Below the form: the table of links, and a sheet of rows that is pasted and built at once.

import { Batch } from "./batch.js";
import { announce, copier, download, h, replace } from "./dom.js";
import { parse, serialise } from "./sheet.js";

const SHOWN = 200;

/** The table of links that were built one by one, and the sheet. */
export class Sheet {
  constructor(book, defaults) {
    this.book = book;
    this.defaults = defaults;
    this.links = [];
    this.table = h("div", {});
    this.text = h("textarea", {
      id: "ln-rows", class: "ln-input ln-area", rows: "6", spellcheck: "false", "aria-describedby": "ln-rows-said",
      placeholder: "format\tplatform\tcampaign\turl\tmarket ...",
    });
    this.built = h("div", {});
    const go = h("button", { type: "button", class: "ln-button ln-main" }, "Build them all");
    go.addEventListener("click", () => this.build());
    this.element = h(
      "div", { class: "ln-sheet" },
      this.table,
      h("section", {},
        h("h2", { class: "ln-title" }, "A sheet of rows"),
        h("p", { id: "ln-rows-said", class: "ln-said" },
          "Copy the rows in your spreadsheet, headings included, and paste them here. Columns are named after fields; ",
          ["format", "platform", "campaign", "url"].map((name, place) => [place ? ", " : "", h("code", {}, name)]),
          " say the rest; what a row leaves out of these four is taken from the form above."),
        h("label", { for: "ln-rows", class: "aside" }, "Rows"), this.text,
        h("p", { class: "ln-actions" }, go), this.built),
    );
    this.show();
  }

  get length() {
    return this.links.length;
  }

  /** One more link that was built in the form. */
  add(chosen, answer) {
    this.links.push({
      format: this.book.data.table.contracts[chosen.format].name,
      platform: chosen.platform ?? "",
      campaign: chosen.campaign ?? "",
      fields: answer.fields,
      link: answer.text,
      channel: answer.channel?.name ?? "",
    });
    this.show();
  }

  show() {
    if (!this.links.length) {
      replace(this.table);
      return;
    }
    const names = [...new Set(this.links.flatMap((each) => Object.keys(each.fields)))];
    const rows = () => [
      ["format", "platform", "campaign", ...names, "link", "channel"],
      ...this.links.map((each) => [
        each.format, each.platform, each.campaign, ...names.map((name) => each.fields[name] ?? ""), each.link, each.channel,
      ]),
    ];
    const save = h("button", { type: "button", class: "ln-button" }, "Export as CSV");
    save.addEventListener("click", () => download("links.csv", serialise(rows()), "text/csv"));
    replace(
      this.table,
      h("h2", { class: "ln-title" }, `Table of ${this.links.length} link${this.links.length > 1 ? "s" : ""}`),
      h("p", { class: "ln-actions" }, save, copier("Copy the links", () => this.links.map((each) => each.link).join("\n"))),
      h("div", { class: "ln-scroll", tabindex: "0", role: "region", "aria-label": "Table of links" },
        h("table", { class: "ln-table" },
          h("thead", {}, h("tr", {}, ["Format", "Platform", "Link", "Channel", ""].map((each) => h("th", { scope: "col" }, each)))),
          h("tbody", {}, this.links.map((each, place) => {
            const remove = h("button", { type: "button", class: "ln-quiet", "aria-label": `Remove link ${place + 1}` }, "Remove");
            remove.addEventListener("click", () => {
              this.links.splice(place, 1);
              this.show();
              announce(`Removed: ${this.links.length} left`);
            });
            return h("tr", {}, h("td", {}, each.format), h("td", {}, this.book.label(each.platform)),
              h("td", {}, h("code", {}, each.link)), h("td", {}, each.channel), h("td", {}, remove));
          })))),
    );
  }

  /** Build the pasted rows. */
  build() {
    const rows = parse(this.text.value);
    if (rows.length < 2) {
      replace(this.built, h("p", { class: "ln-error", role: "alert" }, "Paste a row of headings and at least one row below it."));
      return;
    }
    const [header, ...body] = rows;
    const batch = new Batch(this.book, header, this.defaults());
    const { repeated } = batch;
    if (!batch.understood || repeated.length) {
      const message = repeated.length
        ? `${repeated.join(", ")}: the heading stands there twice, so that nobody can say which column counts.`
        : "No heading is a field, nor one of format, platform, campaign and url. Is the first row the headings?";
      replace(this.built, h("p", { class: "ln-error", role: "alert" }, message));
      return;
    }
    const results = body.map((row) => batch.row(row));
    const failed = results.filter(([, , , error]) => error).length;
    const made = results.filter(([link]) => link).length;
    const width = header.length;
    const whole = () => [
      [...header, "link", "channel", "notes", "error"],
      ...body.map((row, place) => [...row, ...new Array(Math.max(0, width - row.length)).fill(""), ...results[place]]),
    ];
    const save = h("button", { type: "button", class: "ln-button" }, "Export as CSV");
    save.addEventListener("click", () => download("links.csv", serialise(whole()), "text/csv"));
    const order = [...results.entries()].sort(([, one], [, other]) => Boolean(other[3]) - Boolean(one[3]));
    const said = `${made.toLocaleString("en")} built, ${failed.toLocaleString("en")} with something to settle`;
    replace(
      this.built,
      h("p", { class: "ln-state", role: "status" }, said),
      h("p", { class: "ln-actions" }, save, copier("Copy the links", () => results.map(([link]) => link).join("\n"))),
      h("div", { class: "ln-scroll", tabindex: "0", role: "region", "aria-label": "Links of the rows" },
        h("table", { class: "ln-table" },
          h("thead", {}, h("tr", {}, ["Row", "Link, or what is wrong", "Channel"].map((each) => h("th", { scope: "col" }, each)))),
          h("tbody", {}, order.slice(0, SHOWN).map(([place, [link, channel, notes, error]]) =>
            h("tr", { class: error ? "ln-wrong" : null }, h("td", {}, place + 2),
              h("td", {}, error ? h("span", { class: "ln-error" }, error) : h("code", {}, link), notes && h("p", { class: "ln-note" }, notes)),
              h("td", {}, channel)))))),
      order.length > SHOWN && h("p", { class: "ln-said" }, `The first ${SHOWN} are shown, what is wrong first; the CSV holds all ${order.length.toLocaleString("en")}.`),
    );
  }
}
