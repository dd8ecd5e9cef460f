// The page of the link builder.

import * as address from "./address.js";
import { Ask, build, formOf, target } from "./building.js";
import { Combobox } from "./combobox.js";
import { book as openBook, page, warm } from "./data.js";
import { announce, copier, download, h, replace, svg } from "./dom.js";
import { Findings } from "./findings.js";
import { FieldRow } from "./form.js";
import { drawing, encode as qrCode } from "./qr.js";
import { Sheet } from "./rows.js";
import { bytes, own, quote, size } from "./text.js";

const WAYS = { url: "Whole link", suffix: "Parameters in one piece", params: "Parameters one by one" };
const GA4 = 1000; // characters of an address that GA4 keeps

class Builder {
  constructor(root, book) {
    this.root = root;
    this.book = book;
    this.findings = new Findings(book);
    this.today = new Date();
    this.rows = new Map();
    this.shape = null;
    this.sheet = new Sheet(book, () => this.defaults());
    this.frame();
    this.open();
    window.addEventListener("hashchange", () => {
      if (location.hash !== address.encode(this.state)) this.open();
    });
  }

  /** The parts of the page that stay. */
  frame() {
    const { contracts, platforms } = this.book.data.table;
    const formats = this.book.codec.live("utm").filter((each) => each === this.book.codec.newest(each));
    this.campaign = new Combobox({
      label: "Campaign",
      placeholder: "Any registered campaign, or leave it empty",
      options: Object.entries(this.book.data.campaigns).map(([value, each]) => ({
        value, label: each.label, shown: each.label, also: [each.slug, value], plain: true,
        mark: each.status === "live" ? "running" : each.status,
      })),
      onchange: (text, option) => this.change({ campaign: option ? option.value : text || null }),
    });
    this.format = new Combobox({
      label: "Format",
      placeholder: "Paid social, newsletter, QR code, Meta ...",
      required: true,
      options: () => {
        const planned = new Set(this.plans().map((plan) => plan.format));
        const every = formats.map((value) => ({
          value, label: contracts[value].title, shown: contracts[value].title, plain: true,
          also: [
            contracts[value].name, ...contracts[value].aliases,
            ...contracts[value].platforms.flatMap((each) => [this.book.label(each), ...(own(platforms, each)?.aliases ?? [])]),
          ],
          via: (text) => (this.book.codec.platform(text) ? `for ${text}` : `also called ${text}`),
          mark: contracts[value].status === "deprecated" ? "on its way out" : contracts[value].channel,
          group: planned.size ? (planned.has(value) ? "Planned in this campaign" : "All formats") : null,
        }));
        return planned.size ? every.sort((one, other) => planned.has(other.value) - planned.has(one.value)) : every;
      },
      onchange: (text, option, via) => {
        const format = option ? option.value : text || null;
        const platform = option && via ? this.book.codec.platform(via) : null;
        this.change({ format, platform: platform ?? (this.fits(format) ? this.state.platform : null), macros: null, way: null });
      },
    });
    this.platforms = h("div", { class: "ln-choices" });
    this.platformRow = h("fieldset", { class: "ln-field ln-set", hidden: true }, h("legend", { class: "ln-label" }, "Where it runs"), this.platforms);
    this.macros = h("input", { type: "checkbox", id: "ln-macros" });
    this.macros.addEventListener("change", () => this.change({ macros: this.macros.checked }));
    this.macrosLabel = h("label", { for: "ln-macros" });
    this.macrosRow = h("div", { class: "ln-check", hidden: true }, this.macros, this.macrosLabel);
    this.url = h("input", { id: "ln-url", type: "url", class: "ln-input", autocomplete: "url", spellcheck: "false", "aria-describedby": "ln-url-said" });
    this.url.addEventListener("input", () => this.change({ url: this.url.value || null }));
    this.urlSaid = h("p", { class: "ln-said", id: "ln-url-said" });
    this.urlRow = h("div", { class: "ln-field ln-wide" }, h("label", { for: "ln-url", class: "ln-label" }, "Landing page"), this.url, this.urlSaid);
    this.asked = h("p", { class: "ln-said ln-ask", role: "status" });
    this.fields = h("div", { class: "ln-fields" });
    this.fieldsTitle = h("h2", { class: "ln-title" }, "What the link says");
    this.result = h("div", { class: "ln-result" });
    const clear = h("button", { type: "button", class: "ln-quiet" }, "Start again");
    clear.addEventListener("click", () => {
      history.pushState(null, "", location.pathname + location.search);
      this.open();
      this.campaign.input.focus();
    });
    const label = (combo, text, optional) =>
      h("div", { class: "ln-field" }, h("label", { for: combo.id, class: "ln-label" }, text, optional && h("span", { class: "ln-optional" }, "optional")), combo.element);
    const form = h(
      "form", { class: "ln-form", "aria-label": "Link", novalidate: true },
      h("h2", { class: "ln-title" }, "What it is for"),
      h("div", { class: "ln-fields" }, label(this.campaign, "Campaign", true), label(this.format, "Format")),
      this.asked, this.platformRow, this.macrosRow, this.fieldsTitle,
      h("div", { class: "ln-fields" }, this.urlRow), this.fields, h("p", {}, clear),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("focusout", () => this.last && this.tell(...this.last));
    replace(
      this.root,
      h("div", { class: "ln-desk" }, form, h("section", { class: "ln-aside", "aria-label": "The link" }, this.result)),
      this.sheet.element,
    );
  }

  /** Take the form from the address. */
  open() {
    this.state = address.decode(location.hash);
    const { contracts } = this.book.data.table;
    const campaign = own(this.book.data.campaigns, this.state.campaign ?? "") ??
      Object.values(this.book.data.campaigns).find((each) => each.slug === this.state.campaign);
    this.campaign.value = campaign?.label ?? this.state.campaign ?? "";
    const formats = this.state.format ? this.book.codec.find("utm", this.state.format) : [];
    this.format.value = formats.length === 1 ? contracts[formats[0]].title : (this.state.format ?? "");
    this.url.value = this.state.url ?? "";
    this.shape = null;
    this.show();
  }

  change(parts) {
    Object.assign(this.state, parts);
    this.show();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      history.replaceState(null, "", address.encode(this.state) || location.pathname + location.search);
    }, 150);
  }

  fits(format) {
    return own(this.book.data.table.contracts, format ?? "")?.platforms.includes(this.state.platform);
  }

  /** Where a registered campaign is planned to run. */
  plans() {
    const { campaigns } = this.book.data;
    const key = own(campaigns, this.state.campaign ?? "") ? this.state.campaign : null;
    return key ? campaigns[key].channels : [];
  }

  defaults() {
    const { format, platform, campaign, url } = this.state;
    return { format, platform, campaign, url };
  }

  /** What is meant by the first fields; null where that is not settled yet. */
  chosen() {
    const { format, platform, campaign, fields } = this.state;
    replace(this.asked);
    if (!format) {
      if (campaign && !this.plans().length) {
        try {
          target(this.book, "utm", this.book.codec.live("utm")[0], { campaign });
        } catch (error) {
          if (!(error instanceof Ask)) throw error;
          replace(this.asked, error.message);
        }
      }
      return null;
    }
    try {
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
      return target(this.book, "utm", format, { platform, campaign, given });
    } catch (error) {
      if (!(error instanceof Ask)) throw error;
      const pick = (value) => {
        this.change(error.about === "format" ? { format: value } : { [error.about]: value });
        if (error.about === "format") this.format.value = this.book.codec.contract(this.book.codec.find("utm", value)[0]).table.title;
        if (error.about === "campaign") this.campaign.value = value;
      };
      replace(
        this.asked, h("span", { class: "ln-error" }, `${error.message}. `),
        error.choices.slice(0, 8).map(([value, label]) => {
          const button = h("button", { type: "button", class: "ln-suggestion" }, label || value);
          button.addEventListener("click", () => pick(value));
          return [button, " "];
        }),
      );
      return null;
    }
  }

  /** Whether the link may run on no platform that is named: a campaign's plan may name the only one. */
  free(chosen) {
    const { format, campaign, fields } = this.state;
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
    try {
      return target(this.book, "utm", format, { platform: null, campaign, given }).platform === null;
    } catch (error) {
      if (!(error instanceof Ask)) throw error;
      return chosen.platform === null;
    }
  }

  /** Bring the page up to what the form says. */
  show() {
    const chosen = this.chosen();
    if (chosen === null) {
      this.shape = null;
      this.last = null;
      this.rows.clear();
      replace(this.fields);
      for (const part of [this.platformRow, this.macrosRow, this.urlRow, this.fieldsTitle]) part.hidden = true;
      this.blank();
      return;
    }
    const known = this.book.codec.contract(chosen.format).fields; // what another format left behind is not given
    const given = Object.fromEntries(
      Object.entries(this.state.fields).filter(
        ([name, value]) => value && known.has(name) && chosen.fixed[name] !== value,
      ),
    );
    const form = formOf(this.book, chosen, given, this.state.macros);
    const free = this.free(chosen);
    const shape = JSON.stringify([chosen.format, chosen.platform, form, chosen.campaign, free]);
    if (shape !== this.shape) this.reshape(chosen, form, shape, free);
    for (const input of this.platforms.querySelectorAll("input")) input.checked = input.value === (chosen.platform ?? "");
    const answer = build(this.book, chosen, given, {
      url: this.state.url, way: this.state.way, macros: this.state.macros,
    });
    this.last = [chosen, answer, given];
    this.tell(chosen, answer, given);
    this.outcome(chosen, answer);
  }

  /** Another format, platform or campaign: other fields. */
  reshape(chosen, form, shape, free) {
    this.shape = shape;
    const contract = this.book.codec.contract(chosen.format);
    const { platforms } = contract.table;
    for (const part of [this.urlRow, this.fieldsTitle]) part.hidden = false;
    this.platformRow.hidden = platforms.length === 0;
    replace(
      this.platforms,
      [...platforms, ...(platforms.length > 1 && free ? [""] : [])].map((each) => {
        const id = `ln-platform-${each || "none"}`;
        const input = h("input", { type: "radio", name: "ln-platform", id, value: each });
        input.addEventListener("change", () => this.change({ platform: each || null, macros: null, way: null }));
        return h("span", { class: "ln-choice" }, input, h("label", { for: id }, each ? this.book.label(each) : "elsewhere"));
      }),
    );
    this.macrosRow.hidden = !(chosen.platform && contract.forms.has(chosen.platform));
    this.macrosLabel.textContent = `Let ${this.book.label(chosen.platform)} fill in what it knows (macros)`;
    this.rows.clear();
    for (const need of this.book.codec.needs(chosen.format, form)) {
      if (need.fixed !== null) continue;
      const row = new FieldRow({
        book: this.book, chosen, contract, need, today: this.today,
        onchange: (name, value) => {
          this.state.fields[name] = value;
          this.change({});
        },
      });
      this.rows.set(need.field, row);
    }
    const rows = [...this.rows.values()];
    replace(
      this.fields,
      rows.filter((row) => row.need.required).map((row) => row.element),
      rows.filter((row) => !row.need.required).map((row) => row.element),
    );
    for (const row of rows) row.value = this.state.fields[row.name] ?? chosen.fixed[row.name] ?? "";
  }

  /** Say at each field what is to be said of it. */
  tell(chosen, answer, given) {
    for (const row of this.rows.values()) {
      if (row.value === "" && chosen.fixed[row.name] && this.state.fields[row.name] === undefined) {
        row.value = chosen.fixed[row.name];
      }
      const problem = answer.problems.find((each) => each.field === row.name || each.fields?.includes(row.name));
      const note = answer.notes.find((each) => each.field === row.name);
      const fixed = chosen.fixed[row.name];
      const from = fixed ? (given[row.name] ? `The campaign says ${fixed}` : "From the campaign") : null;
      row.say(problem, note, from);
    }
    const { problems, notes } = answer.landing;
    this.url.placeholder = chosen.landing ?? "https://...";
    const wrong = problems.length > 0 && (this.state.url !== null);
    this.url.setAttribute("aria-invalid", String(wrong));
    this.urlRow.classList.toggle("ln-wrong", wrong);
    const said = wrong ? problems : notes;
    replace(
      this.urlSaid,
      said.map(([, message, advice]) => h("span", { class: wrong ? "ln-error" : "ln-note" }, `${capital(message)}${advice ? `: ${advice}` : ""}. `)),
      !said.length && !this.state.url && chosen.landing && h("span", { class: "ln-from" }, "From the campaign, unless you say another page"),
    );
    this.macros.checked = formOf(this.book, chosen, given, this.state.macros) !== null;
  }

  blank() {
    replace(
      this.result, h("h2", { class: "ln-title" }, "The link"),
      h("p", { class: "ln-empty" }, "Choose a campaign or a format. The link appears here while you fill in its fields."),
    );
  }

  /** What has become of it. */
  outcome(chosen, answer) {
    const parts = [h("h2", { class: "ln-title" }, "The link")];
    const contract = this.book.data.table.contracts[chosen.format];
    if (!answer.ok) parts.push(this.missing(answer));
    else parts.push(this.ready(chosen, answer));
    const notes = this.findings.ofBuilding(answer).filter((each) => each.level !== "error" && !answer.notes.some((note) => note.found === each.found && each.field === note.field));
    if (answer.ok && notes.length) {
      parts.push(h("ul", { class: "ln-remarks" }, notes.map((each) => h("li", {}, capital(each.message)))));
    }
    parts.push(this.facts(chosen, answer, contract));
    replace(this.result, parts);
    const state = this.result.querySelector(".ln-state").textContent;
    if (state !== this.told) announce(state);
    this.told = state;
  }

  missing(answer) {
    const items = answer.problems.map((problem) => {
      const row = this.rows.get(problem.field);
      const name = row ? row.element.querySelector("label").firstChild.textContent : problem.field;
      const button = h("button", { type: "button", class: "ln-jump" }, problem.reason === "field-missing" ? name : `${name}: ${problem.reason === "combination" ? "does not go together" : "not right yet"}`);
      button.addEventListener("click", () => row?.input.focus());
      return h("li", {}, button);
    });
    for (const [, message] of answer.landing.problems) {
      const button = h("button", { type: "button", class: "ln-jump" }, message === "there is no landing page" ? "Landing page" : capital(message));
      button.addEventListener("click", () => this.url.focus());
      items.push(h("li", {}, button));
    }
    return h(
      "div", { class: "ln-todo" },
      h("p", { class: "ln-state" }, `${items.length} to settle before there is a link:`), h("ul", {}, items),
    );
  }

  ready(chosen, answer) {
    const ways = Object.entries(WAYS).map(([way, label]) => {
      const id = `ln-way-${way}`;
      const input = h("input", { type: "radio", name: "ln-way", id, value: way });
      input.checked = answer.way === way;
      input.addEventListener("change", () => {
        this.change({ way });
        document.getElementById(id)?.focus();
      });
      return h("span", { class: "ln-choice" }, input, h("label", { for: id }, label));
    });
    const macros = Object.keys(answer.macros).length > 0;
    const add = h("button", { type: "button", class: "ln-button" }, "Add to the table");
    add.addEventListener("click", () => {
      this.sheet.add(chosen, answer);
      announce(`Added: ${this.sheet.length} in the table`);
    });
    const code = h("div", { class: "ln-code" });
    const qr = h("button", { type: "button", class: "ln-button", "aria-expanded": String(Boolean(this.coded)) }, "QR code");
    const draw = () => replace(code, this.coded && this.qr(answer, macros));
    qr.addEventListener("click", () => {
      this.coded = !this.coded;
      qr.setAttribute("aria-expanded", String(this.coded));
      draw();
    });
    draw();
    return [
      h("p", { class: "ln-state ln-good" }, macros ? "Ready to paste into the platform" : "Ready"),
      answer.way === "params" ? this.parameters(answer) : h("output", { class: "ln-link", tabindex: "0", "aria-label": "Link" }, painted(answer)),
      h(
        "div", { class: "ln-actions" },
        answer.way !== "params" && copier("Copy", () => answer.text, { class: "ln-button ln-main" }),
        add, answer.url !== null && qr,
        copier("Copy this form's address", () => location.href.split("#")[0] + address.encode(this.state), { class: "ln-quiet" }),
      ),
      code,
      h("fieldset", { class: "ln-set ln-ways" }, h("legend", { class: "aside" }, "Written as"), h("div", { class: "ln-choices" }, ways)),
    ];
  }

  parameters(answer) {
    return h(
      "table", { class: "ln-params" },
      h("tbody", {}, answer.params.map(([key, value]) =>
        h("tr", {}, h("th", { scope: "row" }, key), h("td", {}, h("code", {}, value)), h("td", {}, copier("Copy", () => value, { "aria-label": `Copy ${key}` }))),
      )),
    );
  }

  qr(answer, macros) {
    if (macros) return h("p", { class: "ln-said" }, "A QR code cannot hold macros, which nobody fills in on paper: switch them off above.");
    const code = qrCode(answer.url);
    if (code === null) return h("p", { class: "ln-said" }, "The link is too long for a QR code.");
    const { path, size: side } = drawing(code);
    const image = () =>
      svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${side} ${side}`, class: "ln-qr", role: "img", "aria-label": "QR code of the link", "shape-rendering": "crispEdges" },
        svg("path", { d: `M0 0h${side}v${side}h-${side}z`, fill: "#fff" }), svg("path", { d: path, fill: "#000" }));
    const save = h("button", { type: "button", class: "ln-button" }, "Download as SVG");
    save.addEventListener("click", () => download("qr-code.svg", new XMLSerializer().serializeToString(image()), "image/svg+xml"));
    return [image(), save];
  }

  facts(chosen, answer, contract) {
    const rows = [];
    const say = (term, ...parts) => rows.push(h("dt", {}, term), h("dd", {}, parts));
    const { channel } = answer;
    if (channel) {
      say("Channel", h("strong", { class: "ln-channel" }, channel.name), ` in GA4, since ${channel.because}`);
      for (const line of channel.lines) say("", line);
      for (const name of channel.own) say("Own channel", name);
    } else if (contract.channel) {
      say("Channel", h("strong", { class: "ln-channel" }, contract.channel), " in GA4, by this format");
    }
    const platform = chosen.platform && own(this.book.data.table.platforms, chosen.platform);
    if (answer.paste) say("Paste into", answer.paste);
    if (platform?.links?.note) say("Mind", platform.links.note);
    const self = platform?.self_tagging;
    if (self?.by_default) say("Mind", `${platform.label} adds parameters of its own. ${self.switch_off ?? ""}`);
    for (const [key, macro] of Object.entries(answer.macros)) {
      const means = platform?.macros[macro];
      say("Filled in", h("code", {}, key), ": ", h("code", {}, macro), means ? ` (${means})` : "");
    }
    if (answer.url) say("Length", this.lengths(answer, contract));
    const path = chosen.format.slice(1);
    say("Format", h("a", { href: page(`catalogue/${path}/`) }, contract.title));
    return h("dl", { class: "ln-facts" }, rows);
  }

  /** The link's length beside what each platform of the format takes. */
  lengths(answer, contract) {
    const length = size(answer.url);
    const rows = [["Google Analytics", length, GA4, "characters"]];
    const unknown = [];
    for (const name of contract.platforms) {
      const links = own(this.book.data.table.platforms, name)?.links ?? {};
      const unit = links.unit === "bytes" ? "bytes" : "characters";
      if (links.max) rows.push([this.book.label(name), unit === "bytes" ? bytes(answer.url).length : length, links.max, unit]);
      else unknown.push(this.book.label(name));
    }
    return h(
      "table", { class: "ln-lengths" },
      h("tbody", {}, rows.map(([label, has, limit, unit]) =>
        h("tr", { class: has > limit ? "ln-over" : null },
          h("th", { scope: "row" }, label),
          h("td", {}, h("meter", { min: 0, max: limit, value: Math.min(has, limit), "aria-hidden": "true" })),
          h("td", {}, `${has.toLocaleString("en")} of ${limit.toLocaleString("en")} ${unit}`)),
      ),
      unknown.length > 0 && h("tr", {}, h("td", { colspan: 3 }, `${unknown.join(", ")}: ${length.toLocaleString("en")} characters, no limit known`))),
    );
  }
}

/** The link with its parts apart. */
function painted(answer) {
  const pairs = answer.params.map(([key, value], place) => [
    place ? "&" : "",
    h("wbr"),
    h("span", { class: "ln-key" }, `${quote(key)}=`),
    h("span", { class: answer.macros[key] ? "ln-macro" : "ln-value" }, answer.macros[key] ? value : quote(value)),
  ]);
  if (answer.way !== "url") return pairs;
  const rest = answer.params.map(([key, value]) => `${quote(key)}=${answer.macros[key] ? value : quote(value)}`).join("&");
  const at = answer.url.indexOf(rest);
  return [answer.url.slice(0, at), pairs, answer.url.slice(at + rest.length)];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const root = document.getElementById("canonry-build");
if (root) {
  try {
    new Builder(root, await openBook());
    root.dataset.ready = "true";
    performance.mark("canonry-ready");
    warm().then(() => (root.dataset.warm = "true"));
  } catch (error) {
    replace(root, h("p", { class: "ln-failed", role: "alert" }, `The builder could not start: ${error.message}. The page has to come from a web server, not from a folder.`));
    throw error;
  }
}
