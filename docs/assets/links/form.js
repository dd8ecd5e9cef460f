// The fields of a link's form: what may stand in each, what is offered, and what is said of what stands there.

import { Combobox } from "./combobox.js";
import { h, humanised, replace } from "./dom.js";
import { sentence } from "./reader.js";
import { Words } from "./values.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/** Months, quarters or years around a day, as options. */
export function dates(unit, today) {
  const found = [];
  if (unit === "year") {
    for (let year = today.getFullYear() - 1; year < today.getFullYear() + 4; year += 1) {
      found.push({ value: `${year}`, label: `${year}` });
    }
    return found;
  }
  const step = unit === "quarter" ? 3 : 1;
  for (let ahead = -2; ahead < 19; ahead += step) {
    const day = new Date(today.getFullYear(), today.getMonth() + ahead, 1);
    const year = day.getFullYear();
    const quarter = Math.floor(day.getMonth() / 3) + 1;
    found.push(
      unit === "quarter"
        ? { value: `${year}-Q${quarter}`, label: `Quarter ${quarter} of ${year}` }
        : {
            value: `${year}-${String(day.getMonth() + 1).padStart(2, "0")}`,
            label: `${MONTHS[day.getMonth()]} ${year}`,
          },
    );
  }
  return found;
}

/** Words of a field as options: labels, other spellings, and which are on their way out. */
export function words(codec, field) {
  const { spec } = field;
  if (spec.type === "set") return field.choices().map((value) => ({ value, label: value }));
  return codec
    .vocabulary(spec.vocabulary)
    .filter(([word]) => field.values.has(word))
    .map(([word, about]) => ({
      value: word,
      label: about.label || word,
      also: about.aliases || [],
      mark: about.status === "deprecated" ? `on its way out${about.replaced_by ? `; use ${about.replaced_by}` : ""}` : null,
    }));
}

/** One field: its label, its control, and a line for what is to be said of it. */
export class FieldRow {
  constructor({ book, chosen, contract, need, onchange, today }) {
    this.name = need.field;
    this.need = need;
    this.touched = false;
    this.format = contract.id;
    const field = contract.fields.get(need.field);
    const id = `ln-field-${need.field}`;
    const label = need.title || humanised(need.field);
    const changed = (value) => {
      this.touched = true;
      onchange(this.name, value);
    };
    const options = this.options(book, chosen, field, today);
    this.said = h("p", { class: "ln-said", id: `${id}-said` });
    const common = { "aria-describedby": `${id}-said`, "aria-required": need.required ? "true" : null };
    if (field.spec.type === "date" && field.spec.unit === "day") {
      this.control = h("input", { id, type: "date", min: "2000-01-01", max: "2099-12-31", class: "ln-input", ...common });
      this.input = this.control;
      this.input.addEventListener("input", () => changed(this.input.value));
    } else if (options) {
      const combo = new Combobox({
        label,
        options,
        onchange: changed,
        describedby: `${id}-said`,
        required: need.required,
        placeholder: field.spec.type === "date" ? options[2]?.value : "",
      });
      combo.input.id = id;
      this.control = combo.element;
      this.input = combo.input;
    } else {
      const numeric = field.spec.type === "integer";
      this.control = h("input", {
        id, type: "text", class: "ln-input", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
        inputmode: numeric ? "numeric" : null, ...common,
      });
      this.input = this.control;
      this.input.addEventListener("input", () => changed(this.input.value));
    }
    this.input.addEventListener("blur", () => {
      if (this.input.value) this.touched = true;
    });
    this.element = h(
      "div",
      { class: "ln-field" },
      h("label", { for: id, class: "ln-label" }, label, !need.required && h("span", { class: "ln-optional" }, "optional")),
      this.control,
      this.said,
    );
  }

  options(book, chosen, field, today) {
    const planned = new Set(chosen.plans.map((plan) => plan.fields[this.name]).filter(Boolean));
    if (field instanceof Words) {
      const every = words(book.codec, field);
      if (planned.size < 2) return every;
      const first = every.filter((option) => planned.has(option.value));
      const rest = every.filter((option) => !planned.has(option.value));
      return [
        ...first.map((option) => ({ ...option, group: "Planned in this campaign" })),
        ...rest.map((option) => ({ ...option, group: "All" })),
      ];
    }
    if (field.spec.type === "date" && field.spec.unit !== "day") return dates(field.spec.unit, today);
    if (field.spec.type === "id" && field.spec.of === "campaign") {
      return Object.entries(book.data.campaigns).map(([value, each]) => ({ value, label: each.label, also: [each.slug] }));
    }
    if (field.spec.type === "name") {
      const creatives = new Set(chosen.plans.flatMap((plan) => plan.creatives));
      if (creatives.size) return [...creatives].map((value) => ({ value, label: value }));
    }
    return null;
  }

  get value() {
    return this.input.value;
  }

  set value(value) {
    if (this.input.value !== value && document.activeElement !== this.input) this.input.value = value;
  }

  /** Say what is wrong, or else what belongs here. `from` tells where a value came from that nobody typed. */
  say(problem, note, from) {
    const missing = problem?.reason === "field-missing";
    const wrong = problem && (!missing || (this.touched && document.activeElement !== this.input));
    this.input.setAttribute("aria-invalid", String(Boolean(wrong)));
    this.element.classList.toggle("ln-wrong", Boolean(wrong));
    const parts = [];
    if (wrong) {
      parts.push(h("span", { class: "ln-error" }, missing ? `Missing: ${problem.expected}` : bare(problem, this.format)));
      if (problem.nearest) {
        parts.push(" ", this.suggestion(problem.nearest));
      }
    } else if (note) {
      parts.push(h("span", { class: "ln-note" }, bare(note, this.format)));
    } else if (from) {
      parts.push(h("span", { class: "ln-from" }, from));
    } else if (!(this.need.choices && this.need.choices.length > 3)) {
      parts.push(this.need.expected);
    }
    replace(this.said, parts);
  }

  suggestion(value) {
    const button = h("button", { type: "button", class: "ln-suggestion" }, `Use ${value}`);
    button.addEventListener("click", () => {
      this.input.value = value;
      this.input.dispatchEvent(new Event("input"));
      this.input.focus();
    });
    return button;
  }
}

/** A problem in words, without the field's name, which stands above. */
function bare(problem, format) {
  const text = sentence(problem, format).replace(`${problem.field}: `, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
