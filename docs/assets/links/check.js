// The page of the link checker.

import { page, warm } from "./data.js";
import { announce, copier, download, h, humanised, replace } from "./dom.js";
import { links as linksOf, serialise } from "./sheet.js";

const WORKERS = 2;
const ALONE = 500; // links that one helper reads sooner than two
const MUCH = 50_000; // characters
const STEP = 100; // answers shown at a time
const VERDICTS = ["right", "to correct", "unreadable"];
const STYLE = { right: "good", "to correct": "warning", unreadable: "error" };

class CheckPage {
  constructor(root) {
    this.root = root;
    this.round = 0;
    this.answers = [];
    this.only = null;
    this.limit = STEP;
    this.started = 0;
    this.links = [];
    this.workers = Array.from({ length: Math.min(WORKERS, navigator.hardwareConcurrency || 1) }, () => this.worker());
    this.text = h("textarea", {
      id: "ln-links", class: "ln-input ln-area", rows: "6", spellcheck: "false", "aria-describedby": "ln-links-said",
      placeholder: "https://www.example.com/?utm_source=...",
    });
    this.text.addEventListener("paste", (event) => this.paste(event));
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.check();
    });
    const go = h("button", { type: "submit", class: "ln-button ln-main" }, "Check");
    const clear = h("button", { type: "button", class: "ln-quiet" }, "Clear");
    clear.addEventListener("click", () => {
      this.text.value = "";
      this.check();
      this.text.focus();
    });
    const form = h("form", { class: "ln-pasted" },
      h("label", { for: "ln-links", class: "ln-label" }, "Links"),
      this.text,
      h("p", { id: "ln-links-said", class: "ln-said" }, "One link a line, or rows of a spreadsheet. They stay in this page: nothing is sent anywhere."),
      h("p", { class: "ln-actions" }, go, clear));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.summary = h("div", { class: "ln-summary" });
    this.list = h("ol", { class: "ln-answers" });
    this.more = h("div", {});
    replace(root, form, this.summary, this.list, this.more);
    const link = new URLSearchParams(location.hash.slice(1)).get("link");
    if (link) {
      this.text.value = link;
      this.check();
    }
  }

  /** A helper; all of them are started with the page, which thereby works offline once it is loaded. */
  worker() {
    const made = new Worker(new URL("./check-worker.js", import.meta.url), { type: "module" });
    made.addEventListener("message", ({ data }) => this.hear(data));
    made.addEventListener("error", (event) => this.fail(event.message || "its modules did not load"));
    return made;
  }

  /** Much text is put in its place by hand, after the work has begun: browsers take seconds for thousands of lines. */
  paste(event) {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const { value, selectionStart, selectionEnd } = this.text;
    const whole = selectionStart === 0 && selectionEnd === value.length;
    if (!whole || pasted.length < MUCH) {
      setTimeout(() => this.check());
      return;
    }
    event.preventDefault();
    this.check(pasted);
    setTimeout(() => {
      this.text.value = pasted;
    });
  }

  fail(message) {
    replace(this.summary, h("p", { class: "ln-failed", role: "alert" }, `The checker could not start: ${message}. The page has to come from a web server, not from a folder.`));
  }

  hear({ ready, failed, round, start, answers }) {
    if (ready) {
      this.started += 1;
      if (this.started === this.workers.length) warm().then(() => (this.root.dataset.ready = "true"));
    } else if (failed) this.fail(failed);
    else if (round === this.round) {
      answers.forEach((answer, place) => {
        this.answers[start + place] = answer;
        this.counts[answer.verdict] += 1;
      });
      this.read += answers.length;
      this.show(this.read === this.links.length);
    }
  }

  check(text = this.text.value) {
    this.round += 1;
    this.links = linksOf(text);
    this.read = 0;
    this.answers = [];
    this.counts = Object.fromEntries(VERDICTS.map((each) => [each, 0]));
    this.only = null;
    this.limit = STEP;
    replace(this.list);
    replace(this.more);
    replace(this.summary);
    this.root.dataset.checked = "";
    const share = Math.max(ALONE, Math.ceil(this.links.length / this.workers.length));
    this.workers.forEach((each, number) => {
      const start = number * share;
      const links = this.links.slice(start, start + share);
      if (links.length) each.postMessage({ round: this.round, start, links });
    });
  }

  show(done) {
    if (!done) {
      replace(this.summary, h("p", { class: "ln-state" }, `${this.read.toLocaleString("en")} of ${this.links.length.toLocaleString("en")} read`));
      return;
    }
    const total = this.answers.length;
    const counted = VERDICTS.map((each) => `${this.counts[each].toLocaleString("en")} ${each}`).join(", ");
    if (total > 1) {
      const chips = [null, ...VERDICTS].map((verdict) => {
        const count = verdict === null ? total : this.counts[verdict];
        const button = h("button", { type: "button", class: `ln-chip ${verdict ? `ln-${STYLE[verdict]}` : ""}`, "aria-pressed": String(this.only === verdict), disabled: count === 0 },
          h("strong", {}, count.toLocaleString("en")), ` ${verdict ?? "links"}`);
        button.addEventListener("click", () => {
          this.only = verdict;
          this.limit = STEP;
          this.show(true);
        });
        return button;
      });
      const save = h("button", { type: "button", class: "ln-button" }, "Export as CSV");
      save.addEventListener("click", () => download("links-checked.csv", serialise(this.rows()), "text/csv"));
      replace(this.summary, h("div", { class: "ln-chips", role: "group", "aria-label": "Show only" }, chips),
        h("p", { class: "ln-actions" }, save, copier("Copy the corrected links", () => this.answers.map((each) => each.corrected ?? each.link).join("\n"))),
        this.often());
    } else {
      replace(this.summary);
    }
    this.draw();
    if (this.root.dataset.checked !== String(total)) announce(`${total.toLocaleString("en")} read: ${counted}`);
    this.root.dataset.checked = String(total);
  }

  /** What is wrong most often. */
  often() {
    const tally = new Map();
    for (const { findings } of this.answers) {
      for (const name of new Set(findings.filter((each) => each.level !== "note").map((each) => each.name))) {
        tally.set(name, (tally.get(name) ?? 0) + 1);
      }
    }
    const most = [...tally].sort((one, other) => other[1] - one[1]).slice(0, 5);
    return most.length ? h("p", { class: "ln-said" }, "Most often: ", most.map(([name, count], place) => [place ? ", " : "", `${name.replace(/^link-/, "").replaceAll("-", " ")} (${count.toLocaleString("en")})`])) : null;
  }

  rows() {
    const head = ["link", "verdict", "format", "platform", "channel", "findings", "corrected"];
    return [head, ...this.answers.map((each) => [
      each.link, each.verdict, each.title ?? "", each.platform ?? "", each.channel ?? "",
      each.findings.map((finding) => `${finding.code} ${finding.message}`).join("; "), each.corrected ?? "",
    ])];
  }

  draw() {
    const picked = [...this.answers.entries()].filter(([, each]) => this.only === null || each.verdict === this.only);
    replace(this.list, picked.slice(0, this.limit).map(([place, each]) => this.answer(place, each)));
    replace(this.more);
    if (picked.length > this.limit) {
      const button = h("button", { type: "button", class: "ln-button" }, `Show ${Math.min(STEP, picked.length - this.limit)} more of ${(picked.length - this.limit).toLocaleString("en")}`);
      button.addEventListener("click", () => {
        this.limit += STEP;
        this.draw();
      });
      replace(this.more, h("p", { class: "ln-actions" }, button));
    }
  }

  answer(place, each) {
    const single = this.answers.length === 1;
    const facts = [];
    if (each.format) {
      const name = h("a", { href: page(`catalogue/${each.format.slice(1)}/`) }, each.title);
      facts.push([each.status === "rejected" ? "Nearest to" : "Format", [name, each.platform && ` for ${each.platform_label}`]]);
    }
    if (each.channel) facts.push(["Channel", [h("strong", { class: "ln-channel" }, each.channel), ` in GA4, since ${each.channel_because}`]]);
    if (each.own_channel) facts.push(["Own channel", [each.own_channel]]);
    for (const [key, seen] of Object.entries(each.expanded)) {
      if (seen.macro !== undefined) facts.push(["Macro", [h("code", {}, key), ": ", h("code", {}, seen.macro)]]);
      else if (seen.format) facts.push([key, [Object.entries(seen.fields).map(([name, value]) => `${name} ${value}`).join(", ")]]);
    }
    const fields = Object.entries(each.fields);
    const table = fields.length > 0 && h("table", { class: "ln-meaning" }, h("tbody", {}, fields.map(([name, value]) =>
      h("tr", {}, h("th", { scope: "row" }, humanised(name)), h("td", {}, h("code", {}, String(value))), h("td", {}, each.meanings[name] ?? "")))));
    const better = each.corrected !== null && each.corrected !== each.link;
    const body = [
      h("dl", { class: "ln-facts" }, facts.map(([term, parts]) => [h("dt", {}, term), h("dd", {}, parts)])),
      table,
    ];
    return h("li", { class: `ln-answer ln-${STYLE[each.verdict]}` },
      h("p", { class: "ln-verdict" }, h("span", { class: "ln-badge" }, each.verdict), !single && h("span", { class: "ln-number" }, `line ${place + 1}`)),
      h("p", { class: "ln-read" }, each.link),
      each.findings.length > 0 && h("ul", { class: "ln-findings" }, each.findings.map((finding) =>
        h("li", { class: `ln-${finding.level}` },
          h("span", { class: "ln-level" }, finding.level), " ", finding.message, finding.suggestion && h("span", { class: "ln-advice" }, `: ${finding.suggestion}`), " ",
          h("a", { href: page(`catalogue/rules/${finding.code}/`), class: "ln-rule", "aria-label": `Rule ${finding.code}` }, finding.code)))),
      better && h("div", { class: "ln-corrected" }, h("span", { class: "ln-label" }, each.corrected_right ? "Corrected" : "So far"), h("code", { class: "ln-link" }, changed(each.link, each.corrected)), each.corrected_right && copier("Copy", () => each.corrected, { "aria-label": "Copy the corrected link" })),
      single ? body : h("details", {}, h("summary", {}, "What it says"), body));
  }
}

/** The corrected link, with what was changed marked: word by word, between what both begin and end with. */
function changed(before, after) {
  const cut = (text) => text.match(/[A-Za-z0-9%~.]+|[^A-Za-z0-9%~.]/g) ?? [];
  const one = cut(before);
  const other = cut(after);
  if (one.length * other.length > 40_000) return after;
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = one[i] === other[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const parts = [];
  let run = "";
  const flush = () => {
    if (run) parts.push(h("mark", {}, run));
    run = "";
  };
  for (let i = 0, j = 0; j < other.length; ) {
    if (i < one.length && one[i] === other[j]) {
      flush();
      parts.push(other[j]);
      i += 1;
      j += 1;
    } else if (i < one.length && lengths[i + 1][j] >= lengths[i][j + 1]) {
      i += 1;
    } else {
      run += other[j];
      j += 1;
    }
  }
  flush();
  return parts;
}

const root = document.getElementById("canonry-check");
if (root) new CheckPage(root);
