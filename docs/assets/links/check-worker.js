// Checks links beside the page, so that it answers while thousands are read. Takes {round, start, links}, answers
// {round, start, answers} piece by piece.

import { Checker } from "./checking.js";
import { book } from "./data.js";

const PIECE = 250;
const checker = book().then((opened) => new Checker(opened));

/** An answer with the platform as people call it. */
function named(ready, answer) {
  return { ...answer, platform_label: ready.book.label(answer.platform) };
}

self.addEventListener("message", async ({ data: { round, start: first, links } }) => {
  const ready = await checker;
  const seen = new Map(); // sheets repeat their links
  const read = (link) => {
    if (!seen.has(link)) seen.set(link, named(ready, ready.read(link)));
    return seen.get(link);
  };
  for (let start = 0; start < links.length; start += PIECE) {
    const answers = links.slice(start, start + PIECE).map((link) => read(link));
    self.postMessage({ round, start: first + start, answers });
  }
});

checker.then(() => self.postMessage({ ready: true }), (error) => self.postMessage({ failed: String(error.message) }));
