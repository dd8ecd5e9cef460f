// What reorders or hides the text around it, shown as what it is. A port of canonry.render.plain, without tabs and
// line breaks, which do no harm on a page.

const HIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with control characters, escapes and direction marks written out: `\u202e`. */
export function visible(text) {
  return text.replace(HIDDEN, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
