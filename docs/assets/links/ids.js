// Registry ids: six characters that no spreadsheet takes for a number, a date or a word.
// A port of canonry.naming.ids: the last character makes the sum of position times value divisible by 29.

import { ID_ALPHABET, ID_LENGTH } from "./values.js";

const LETTERS = ID_ALPHABET.slice(8); // what an id may begin with
const SIZE = ID_ALPHABET.length;
const INVERSE = 5; // of 6, modulo 29

/** The sixth character of an id. */
function checkCharacter(firstFive) {
  let total = 0;
  [...firstFive].forEach((char, place) => {
    total += (place + 1) * ID_ALPHABET.indexOf(char);
  });
  return ID_ALPHABET[(((-total * INVERSE) % SIZE) + SIZE) % SIZE];
}

/** A chance from 0 up to 1 that nobody can foretell. */
function chance() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

/** A new id. The caller looks whether it is taken; about 16 million can be drawn. */
export function draw(random = chance) {
  const pick = (letters) => letters[Math.floor(random() * letters.length)];
  let drawn = pick(LETTERS);
  for (let place = 2; place < ID_LENGTH; place += 1) drawn += pick(ID_ALPHABET);
  return drawn + checkCharacter(drawn);
}

/** Whether a text is an id, its check character included. */
export function valid(text) {
  const shaped = text.length === ID_LENGTH && LETTERS.includes(text[0]);
  return shaped && [...text].every((char) => ID_ALPHABET.includes(char)) && checkCharacter(text.slice(0, 5)) === text[5];
}

/** The valid ids that one mistyped character or one swap of neighbours away could have been meant. */
export function nearMisses(text) {
  const chars = [...text];
  const found = new Set();
  for (let place = 0; place < Math.min(chars.length, ID_LENGTH); place += 1) {
    for (const char of ID_ALPHABET) found.add(chars.with(place, char).join(""));
  }
  for (let place = 0; place + 1 < chars.length; place += 1) {
    found.add(chars.with(place, chars[place + 1]).with(place + 1, chars[place]).join(""));
  }
  return [...found].filter(valid).sort();
}
