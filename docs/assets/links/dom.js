// Elements out of data. Text becomes text nodes and attributes, never markup, and hides nothing.

import { visible } from "./visible.js";

const SVG = "http://www.w3.org/2000/svg";

/** Children as one list, without those that are nothing. */
function kept(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === "string" ? visible(child) : child));
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...kept(children));
  return element;
}

/** An element: `h("p", {class: "x", onclick: f}, "text", [more])`. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Put these in place of what an element holds. */
export function replace(element, ...children) {
  element.replaceChildren(...kept(children));
  return element;
}

/** Offer a file for download. */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Copy a text; the answer says whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "aside", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A button that copies what `text()` answers at that moment, and says so. */
export function copier(label, text, attributes = {}) {
  const button = h("button", { type: "button", class: "ln-button", ...attributes }, label);
  button.addEventListener("click", async () => {
    const done = await copy(text());
    announce(done ? "Copied" : "Not copied: select the text and copy it by hand");
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = label;
    }, 1_600);
  });
  return button;
}

let speaker = null;

/** Tell those who cannot see what has changed. */
export function announce(text) {
  if (speaker === null) {
    speaker = h("p", { class: "aside", role: "status", "aria-live": "polite" });
    document.body.append(speaker);
  }
  speaker.textContent = text;
}

/** A field's name in words: `campaign_id` is `Campaign id`. */
export function humanised(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
