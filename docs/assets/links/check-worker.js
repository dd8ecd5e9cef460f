// Checks links beside the page, so that it answers while thousands are read. Takes {round, links}, answers
// {round, start, answers} piece by piece.

import { Checker } from "./checking.js";
import { book } from "./data.js";

const PIECE = 250;
const checker = book().then((opened) => new Checker(opened));

self.addEventListener("message", async ({ data: { round, links } }) => {
  const ready = await checker;
  for (let start = 0; start < links.length; start += PIECE) {
    const answers = links.slice(start, start + PIECE).map((link) => ready.read(link));
    self.postMessage({ round, start, answers });
  }
  if (!links.length) self.postMessage({ round, start: 0, answers: [] });
});

checker.then(() => self.postMessage({ ready: true }), (error) => self.postMessage({ failed: String(error.message) }));
