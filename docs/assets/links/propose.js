// The page on which a word or a campaign is proposed without git: a form, the file it makes, and the way to the host.

import { Combobox } from "./combobox.js";
import { book as openBook, json, warm } from "./data.js";
import { copier, copy, download, h, replace } from "./dom.js";
import { FieldRow } from "./form.js";
import { draw } from "./ids.js";
import { campaignFile, campaignProblems, editPage, newFilePage, withWord, wordLines, wordProblems } from "./proposal.js";
import { shown, slug } from "./text.js";

const CAMPAIGN = "campaign";
const HOSTS = { github: "GitHub", gitlab: "GitLab" };

class ProposePage {
  constructor(root, book, data) {
    this.root = root;
    this.book = book;
    this.data = data;
    this.host = HOSTS[data.hosting.kind] ?? "the repository";
    this.today = new Date().toISOString().slice(0, 10);
    this.pick = new Combobox({
      label: "What is to be added",
      options: [
        { value: CAMPAIGN, label: "A campaign", shown: "A campaign", plain: true },
        ...Object.entries(data.vocabularies).map(([value, each]) => ({
          value, label: each.title, shown: each.title, also: [value], plain: true, mark: `${each.words.length} words`,
        })),
      ],
      onchange: (text, option) => option && this.go(option.value),
    });
    this.form = h("div", { class: "ln-form" });
    this.result = h("div", { class: "ln-result" });
    replace(
      root,
      h("div", { class: "ln-desk" },
        h("div", {},
          h("div", { class: "ln-field" }, h("label", { for: this.pick.id, class: "ln-label" }, "What is to be added"), this.pick.element),
          this.form),
        h("section", { class: "ln-aside", "aria-label": "The proposal" }, this.result)),
    );
    window.addEventListener("hashchange", () => this.open());
    this.open();
  }

  go(what) {
    location.hash = what === CAMPAIGN ? "campaign" : `word=${encodeURIComponent(what)}`;
  }

  open() {
    const wanted = new URLSearchParams(location.hash.slice(1)).get("word");
    if (wanted && Object.hasOwn(this.data.vocabularies, wanted)) this.word(wanted);
    else if (location.hash === "#campaign") this.campaign();
    else {
      replace(this.form);
      replace(this.result, h("h2", { class: "ln-title" }, "The proposal"),
        h("p", { class: "ln-empty" }, "Choose a vocabulary to add a word to, or a campaign. The file appears here; nothing is changed before somebody has reviewed it."));
    }
  }

  /** A row of the form; `inputs` holds what reads it and what shows its problem. */
  field(name, label, { type = "text", value = "", hint = "", optional = false, options = null, wide = false } = {}) {
    const id = `ln-propose-${name}`;
    let control;
    let input;
    if (options) {
      const combo = new Combobox({ label, options, value, describedby: `${id}-said`, required: !optional, onchange: () => this.changed(name) });
      control = combo.element;
      input = combo.input;
      input.id = id;
    } else {
      input = h(type === "area" ? "textarea" : "input", {
        id, type: type === "area" ? null : type, rows: type === "area" ? 2 : null, class: "ln-input", autocomplete: "off",
        "aria-describedby": `${id}-said`, "aria-required": optional ? null : "true",
      });
      input.value = value;
      input.addEventListener("input", () => this.changed(name));
      control = input;
    }
    const said = h("p", { class: "ln-said", id: `${id}-said` }, hint);
    this.inputs.set(name, { input, said, hint, touched: false });
    input.addEventListener("blur", () => {
      const known = this.inputs.get(name);
      if (known?.input !== input) return; // of a form that has gone
      known.touched ||= input.value !== "";
      this.judge();
    });
    return h("div", { class: `ln-field ${wide ? "ln-wide" : ""}` },
      h("label", { for: id, class: "ln-label" }, label, optional && h("span", { class: "ln-optional" }, "optional")), control, said);
  }

  value(name) {
    return this.inputs.get(name)?.input.value.trim() ?? "";
  }

  changed(name) {
    this.inputs.get(name).touched = true;
    this.show();
  }

  /** Show the problems of what has been touched. */
  judge() {
    for (const [name, { input, said, hint, touched }] of this.inputs) {
      const wrong = touched ? this.problems.find(([each]) => each === name) : null;
      input.setAttribute("aria-invalid", String(Boolean(wrong)));
      input.closest(".ln-field").classList.toggle("ln-wrong", Boolean(wrong));
      replace(said, wrong ? h("span", { class: "ln-error" }, wrong[1]) : hint);
    }
  }

  word(name) {
    const vocabulary = this.data.vocabularies[name];
    this.pick.value = vocabulary.title;
    this.inputs = new Map();
    replace(this.form,
      h("h2", { class: "ln-title" }, `A word for ${vocabulary.title}`),
      h("p", { class: "ln-said" }, vocabulary.openness === "open" ? "Open: a new word breaks nobody." : "Closed: published schemas list the words, so that a new one asks for new versions of its users."),
      h("div", { class: "ln-fields" },
        this.field("word", "Word", { hint: vocabulary.alphabet === "word" ? "a-z, 0-9 and single hyphens" : "a-z, 0-9 and single . _ -" }),
        this.field("label", "Label", { hint: "What people call it" }),
        this.field("aliases", "Also written", { optional: true, hint: "Spellings seen in the wild, with commas between" }),
        this.field("since", "Used from", { type: "date", value: this.today }),
        this.field("description", "What it means", { type: "area", optional: true, wide: true, hint: "Where the label does not say so" })));
    this.show = () => {
      const word = {
        word: this.value("word"), label: this.value("label"), description: this.value("description"), since: this.value("since"),
        aliases: this.value("aliases").split(",").map((each) => each.trim()).filter(Boolean),
      };
      this.problems = wordProblems(vocabulary, word);
      this.judge();
      const path = `registry/vocabularies/${name}.yaml`;
      const ready = !this.problems.length;
      const page = editPage(this.data.hosting, this.data.branch, path);
      const lines = wordLines(word);
      const open = page && h("a", { class: "ln-button ln-main", href: page, target: "_blank", rel: "noopener noreferrer" }, `Copy the lines and open ${this.host}`);
      open?.addEventListener("click", () => copy(lines));
      const save = h("button", { type: "button", class: "ln-button" }, "Download the whole file");
      save.addEventListener("click", () => download(`${name}.yaml`, withWord(vocabulary.text, word), "application/yaml"));
      this.offer(ready, path, lines, [open, copier("Copy the lines", () => lines), save],
        page ? `They belong at the end of ${path}. ${this.host} then offers to open a pull request.` : `Put them at the end of ${path}, and open a pull request.`);
    };
    this.show();
  }

  campaign() {
    const { campaigns, table } = this.book.data;
    this.pick.value = "A campaign";
    this.inputs = new Map();
    this.channels = [];
    this.rows = new Map();
    this.values = {};
    this.shape = null;
    this.draw();
    const teams = Object.entries(this.data.teams).map(([value, label]) => ({ value, label }));
    const zones = Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }));
    const formats = this.book.codec.live("utm").map((value) => ({ value, label: table.contracts[value].title, shown: "", plain: true, also: [table.contracts[value].name, ...table.contracts[value].aliases] }));
    this.adder = new Combobox({
      label: "Add a channel", options: () => formats.filter(({ value }) => !this.channels.some((each) => each.format === value)),
      placeholder: "Paid social, newsletter ...",
      onchange: (text, option) => {
        if (!option) return;
        this.channels.push({ format: option.value, platforms: [] });
        this.listChannels();
        this.show();
      },
    });
    this.listed = h("ul", { class: "ln-channels" });
    this.shared = h("div", { class: "ln-fields" });
    this.sharedTitle = h("h3", { class: "ln-title" }, "What all its links say");
    const said = h("p", { class: "ln-said", id: "ln-propose-channels-said" });
    this.inputs.set("channels", { input: this.adder.input, said, hint: "", touched: false });
    replace(this.form,
      h("h2", { class: "ln-title" }, "A campaign"),
      h("div", { class: "ln-fields" },
        this.field("label", "Label", { hint: "What people call it" }),
        this.field("slug", "Slug", { hint: "Its short name in links; made from the label" }),
        this.field("description", "What it is about", { type: "area", wide: true }),
        this.field("owner", "Owner", { options: teams }), this.field("backup_owner", "Second team", { options: teams }),
        this.field("start", "First day", { type: "date" }), this.field("end", "Last day", { type: "date" }),
        this.field("time_zone", "Time zone", { options: zones, value: Intl.DateTimeFormat().resolvedOptions().timeZone }),
        this.field("metric", "Judged by", { hint: "The metric that decides whether it worked" }),
        this.field("landing_url", "Landing page", { type: "url", wide: true }),
        this.field("continues", "Continues", { optional: true, options: Object.entries(campaigns).map(([value, each]) => ({ value, label: each.label, also: [each.slug] })) })),
      h("h3", { class: "ln-title" }, "Where it runs"),
      this.listed,
      h("div", { class: "ln-field" }, h("label", { for: this.adder.id, class: "ln-label" }, "Add a channel"), this.adder.element, said),
      this.sharedTitle, this.shared);
    this.show = () => this.showCampaign();
    this.listChannels();
    this.show();
  }

  draw() {
    do this.id = draw();
    while (Object.hasOwn(this.book.data.campaigns, this.id));
  }

  listChannels() {
    const { contracts } = this.book.data.table;
    replace(this.listed, this.channels.map((channel, place) => {
      const remove = h("button", { type: "button", class: "ln-quiet", "aria-label": `Remove ${contracts[channel.format].title}` }, "Remove");
      remove.addEventListener("click", () => {
        this.channels.splice(place, 1);
        this.listChannels();
        this.show();
      });
      const boxes = contracts[channel.format].platforms.map((platform) => {
        const box = h("input", { type: "checkbox", id: `ln-on-${place}-${platform}` });
        box.checked = channel.platforms.includes(platform);
        box.addEventListener("change", () => {
          channel.platforms = contracts[channel.format].platforms.filter((each) => (each === platform ? box.checked : channel.platforms.includes(each)));
          this.show();
        });
        return h("span", { class: "ln-check" }, box, h("label", { for: box.id }, this.book.label(platform)));
      });
      return h("li", {}, h("strong", {}, contracts[channel.format].title), boxes, remove);
    }));
  }

  /** Fields that every link of the campaign needs, each once; those of `canonry campaign new`. */
  sharedNeeds() {
    const needed = new Map();
    const times = new Map();
    for (const { format } of this.channels) {
      const contract = this.book.codec.contract(format);
      for (const need of this.book.codec.needs(format)) {
        const { type } = contract.fields.get(need.field).spec;
        if (!need.required || need.fixed !== null || type === "id" || need.field === "slug") continue;
        if (!needed.has(need.field)) needed.set(need.field, { need, contract });
        times.set(need.field, (times.get(need.field) ?? 0) + 1);
      }
    }
    const least = this.channels.length > 1 ? Math.max(0, ...times.values()) : 1;
    return [...needed.values()].filter(({ need }) => times.get(need.field) >= least);
  }

  showCampaign() {
    const typed = this.inputs.get("slug");
    if (!typed.input.matches(":focus") && !typed.kept) typed.input.value = slug(this.value("label")).slice(0, 40).replace(/^-+|-+$/g, "");
    if (typed.input.matches(":focus")) typed.kept = typed.input.value !== "";
    const needs = this.sharedNeeds();
    const shape = JSON.stringify(needs.map(({ need }) => need.field));
    if (shape !== this.shape) {
      this.shape = shape;
      this.rows.clear();
      const plain = { plans: [], fixed: {} };
      for (const { need, contract } of needs) {
        const row = new FieldRow({ book: this.book, chosen: plain, contract, need, today: new Date(), onchange: (name, value) => {
          this.values[name] = value;
          this.show();
        } });
        row.value = this.values[need.field] ?? "";
        this.rows.set(need.field, { row, contract });
      }
      replace(this.shared, [...this.rows.values()].map(({ row }) => row.element));
      this.sharedTitle.hidden = !needs.length;
    }
    const fields = {};
    const problems = [];
    for (const [name, { row, contract }] of this.rows) {
      const raw = row.value;
      const [text, note, problem] = raw === "" ? [null, null, null] : contract.spelling(name, raw);
      row.say(problem, note, raw === "" ? "Empty where channels differ" : null);
      if (raw === "") continue;
      if (problem) problems.push([name, problem]);
      else fields[name] = shown(contract.fields.get(name).read(text) ?? text);
    }
    const page = this.value("landing_url") ? this.book.pages.look(this.value("landing_url")) : null;
    const plan = Object.fromEntries(["label", "slug", "description", "owner", "backup_owner", "time_zone", "start", "end", "metric", "continues"].map((name) => [name, this.value(name)]));
    Object.assign(plan, { fields, channels: this.channels, landing_url: page?.url ?? "" });
    this.problems = campaignProblems(plan, this.book.data.campaigns);
    for (const name of ["owner", "backup_owner"]) {
      if (plan[name] && !Object.hasOwn(this.data.teams, plan[name])) this.problems.push([name, "There is no such team"]);
    }
    if (plan.continues && !Object.hasOwn(this.book.data.campaigns, plan.continues)) this.problems.push(["continues", "There is no such campaign: say its id"]);
    if (page === null) this.problems.push(["landing_url", "A landing page is needed"]);
    else this.problems.push(...page.problems.map(([, message, advice]) => ["landing_url", `${message}${advice ? `: ${advice}` : ""}`]));
    this.judge();
    const path = `registry/campaigns/${this.id}.yaml`;
    const ready = !this.problems.length && !problems.length;
    const contents = campaignFile(plan);
    const made = ready ? newFilePage(this.data.hosting, this.data.branch, path, contents) : null;
    const open = made && h("a", { class: "ln-button ln-main", href: made.url, target: "_blank", rel: "noopener noreferrer" }, made.whole ? `Open at ${this.host}` : `Copy and open ${this.host}`);
    if (made && !made.whole) open.addEventListener("click", () => copy(contents));
    const save = h("button", { type: "button", class: "ln-button" }, "Download");
    save.addEventListener("click", () => download(`${this.id}.yaml`, contents, "application/yaml"));
    this.offer(ready, path, contents, [open, copier("Copy", () => contents), save],
      `The registry id ${this.id} was drawn for it; its last character checks the others. ${made && !made.whole ? "Paste the contents there: this host's editor does not take them from an address. " : ""}Checks of the pull request prove the rest.`);
  }

  offer(ready, path, contents, actions, said) {
    const names = [...new Set(this.problems.map(([name]) => name))];
    const labels = names.map((name) => this.inputs.get(name)?.input.closest(".ln-field").querySelector("label").firstChild.textContent);
    replace(this.result,
      h("h2", { class: "ln-title" }, "The proposal"),
      ready ? h("p", { class: "ln-state ln-good" }, "Ready to be proposed")
        : h("p", { class: "ln-state" }, names.length ? `To settle: ${labels.filter(Boolean).join(", ")}` : "A value is not right yet"),
      h("p", { class: "ln-said" }, h("code", {}, path)),
      h("pre", { class: "ln-file", tabindex: "0" }, h("code", {}, contents)),
      ready && h("p", { class: "ln-actions" }, actions),
      ready && h("p", { class: "ln-said" }, said));
  }
}

const root = document.getElementById("canonry-propose");
if (root) {
  try {
    const [book, data] = await Promise.all([openBook(), json("links/propose.json")]);
    new ProposePage(root, book, data);
    root.dataset.ready = "true";
    warm().then(() => (root.dataset.warm = "true"));
  } catch (error) {
    replace(root, h("p", { class: "ln-failed", role: "alert" }, `The form could not start: ${error.message}. The page has to come from a web server, not from a folder.`));
    throw error;
  }
}
