// A half-filled form in the address, behind `#`, where it is sent to no server: whoever opens it sees the same form.

const OWN = { format: "format", platform: "platform", campaign: "campaign", url: "url", way: "as", macros: "macros" };
const FIELD = "f.";

/** The form that an address holds; what it does not say is null. */
export function decode(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { fields: {} };
  for (const [name, key] of Object.entries(OWN)) state[name] = params.get(key) || null;
  state.macros = { yes: true, no: false }[state.macros] ?? null;
  for (const [key, value] of params) {
    if (key.startsWith(FIELD) && value && key !== `${FIELD}__proto__`) state.fields[key.slice(FIELD.length)] = value;
  }
  return state;
}

/** The form as the part of an address behind `#`; empty for an empty form. */
export function encode(state) {
  const params = new URLSearchParams();
  for (const [name, key] of Object.entries(OWN)) {
    const value = name === "macros" ? { true: "yes", false: "no" }[state.macros] : state[name];
    if (value) params.set(key, value);
  }
  for (const [name, value] of Object.entries(state.fields)) if (value) params.set(FIELD + name, value);
  const text = params.toString();
  return text ? `#${text}` : "";
}
