// Writes what the page of proposals would: reads cases as JSON from standard input, answers texts.

import { readFileSync } from "node:fs";

import { campaignFile, editPage, newFilePage, withWord, wordProblems } from "../../../docs/assets/links/proposal.js";

const { words, campaigns, pages, problems } = JSON.parse(readFileSync(0, "utf8"));
const answer = {
  words: words.map(({ text, ...word }) => withWord(text, word)),
  campaigns: campaigns.map(campaignFile),
  pages: pages.map(({ hosting, path, contents }) => [
    newFilePage(hosting, "main", path, contents),
    editPage(hosting, "main", path),
  ]),
  problems: problems.map(({ vocabulary, word }) => wordProblems(vocabulary, word)),
};
process.stdout.write(JSON.stringify(answer));
