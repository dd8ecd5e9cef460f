// The registry, as `canonry docs build` put it beside the pages. Addresses are relative to this module, so that
// the site works under any path.

import { Book } from "./building.js";

export const SITE = new URL("../../", import.meta.url);

/** The book of links. */
export async function book() {
  return new Book(await json("links/utm.json"));
}

/** A file of the site. */
export async function json(path) {
  const answer = await fetch(new URL(path, SITE));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Fetch every typeface that the page names, also those that no text has needed yet: it may go offline. */
export async function warm() {
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
}

/** The address of a page of the site. */
export function page(path) {
  return new URL(path, SITE).href;
}
