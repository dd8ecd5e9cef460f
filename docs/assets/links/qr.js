// QR codes of links (ISO/IEC 18004): bytes, error correction M or better, the smallest version that holds them.
// `encode` answers rows of true (dark) and false, without the quiet zone. Tests hold it to segno's matrices.

import { bytes } from "./text.js";

const LEVELS = ["L", "M", "Q", "H"];
const FORMAT_BITS = { L: 1, M: 0, Q: 3, H: 2 };
const CORRECTION = {
  L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30,
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
  M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
  Q: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30,
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
  H: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30,
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
}; // codewords of correction in each block, by version
const BLOCKS = {
  L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19,
    19, 20, 21, 22, 24, 25],
  M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33,
    35, 37, 38, 40, 43, 45, 47, 49],
  Q: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43,
    45, 48, 51, 53, 56, 59, 62, 65, 68],
  H: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51,
    54, 57, 60, 63, 66, 70, 74, 77, 81],
};

// The field of 256 elements that corrections are calculated in.
const EXPONENTS = new Uint8Array(512);
const LOGARITHMS = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXPONENTS[power] = value;
  EXPONENTS[power + 255] = value;
  LOGARITHMS[value] = power;
  value = value < 128 ? value << 1 : (value << 1) ^ 0x11d;
}

function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const found = [];
  for (let place = version * 4 + 10; found.length < count - 1; place -= step) found.unshift(place);
  return [6, ...found];
}

/** How many codewords a version holds, corrections included. */
function codewords(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version > 1) {
    const count = Math.floor(version / 7) + 2;
    modules -= (25 * count - 10) * count - 55;
    if (version > 6) modules -= 36;
  }
  return Math.floor(modules / 8);
}

function capacity(version, level) {
  return codewords(version) - CORRECTION[level][version - 1] * BLOCKS[level][version - 1];
}

/** Whether a version holds so many bytes. */
function holds(version, level, length) {
  return 12 + (version > 9 ? 8 : 0) + length * 8 <= capacity(version, level) * 8;
}

function correction(data, count) {
  let divisor = Uint8Array.from([1]);
  for (let root = 0; root < count; root += 1) {
    const next = new Uint8Array(divisor.length + 1);
    divisor.forEach((value, place) => {
      next[place] ^= value;
      if (value) next[place + 1] ^= EXPONENTS[LOGARITHMS[value] + root];
    });
    divisor = next;
  }
  const rest = new Uint8Array(data.length + count);
  rest.set(data);
  for (let place = 0; place < data.length; place += 1) {
    const factor = rest[place];
    if (!factor) continue;
    for (let term = 0; term <= count; term += 1) {
      rest[place + term] ^= EXPONENTS[LOGARITHMS[divisor[term]] + LOGARITHMS[factor]];
    }
  }
  return rest.slice(data.length);
}

/** The bytes with their header, padded, cut into blocks, corrected and interleaved. */
function stream(data, version, level) {
  const bits = [];
  const put = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(data.length, version > 9 ? 16 : 8);
  data.forEach((byte) => put(byte, 8));
  const room = capacity(version, level);
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let place = 0; place < bits.length; place += 8) words.push(parseInt(bits.slice(place, place + 8).join(""), 2));
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  const count = BLOCKS[level][version - 1];
  const length = CORRECTION[level][version - 1];
  const short = Math.floor(room / count);
  const blocks = [];
  for (let number = 0, start = 0; number < count; number += 1) {
    const end = start + short + (number < count - (room % count) ? 0 : 1);
    blocks.push(words.slice(start, end));
    start = end;
  }
  const corrections = blocks.map((block) => correction(block, length));
  const found = [];
  for (let place = 0; place <= short; place += 1) {
    for (const block of blocks) if (place < block.length) found.push(block[place]);
  }
  for (let place = 0; place < length; place += 1) for (const block of corrections) found.push(block[place]);
  return found;
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** A square of modules with finders, timing, alignment and version; null where data goes. */
function frame(version) {
  const size = version * 4 + 17;
  const grid = Array.from({ length: size }, () => new Array(size).fill(null));
  const set = (x, y, dark) => {
    if (x >= 0 && y >= 0 && x < size && y < size) grid[y][x] = dark;
  };
  for (const [left, top] of [[0, 0], [size - 7, 0], [0, size - 7]]) {
    for (let y = -1; y <= 7; y += 1) {
      for (let x = -1; x <= 7; x += 1) {
        const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        set(left + x, top + y, ring !== 2 && ring !== 4);
      }
    }
  }
  for (let place = 8; place < size - 8; place += 1) {
    set(place, 6, place % 2 === 0);
    set(6, place, place % 2 === 0);
  }
  const centres = alignments(version);
  const last = centres.length - 1;
  centres.forEach((y, row) => {
    centres.forEach((x, column) => {
      if ((row === 0 && (column === 0 || column === last)) || (row === last && column === 0)) return;
      for (let dy = -2; dy <= 2; dy += 1) {
        for (let dx = -2; dx <= 2; dx += 1) set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    });
  });
  for (let place = 0; place < 9; place += 1) {
    if (grid[8][place] === null) set(place, 8, false);
    if (grid[place][8] === null) set(8, place, false);
    if (place < 8) {
      set(size - 1 - place, 8, false);
      set(8, size - 1 - place, false);
    }
  }
  set(8, size - 8, true);
  if (version > 6) {
    let rest = version;
    for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const value = (version << 12) | rest;
    for (let bit = 0; bit < 18; bit += 1) {
      const dark = ((value >> bit) & 1) === 1;
      set(size - 11 + (bit % 3), Math.floor(bit / 3), dark);
      set(Math.floor(bit / 3), size - 11 + (bit % 3), dark);
    }
  }
  return grid;
}

function fill(grid, words) {
  const size = grid.length;
  const free = [];
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (grid[y][x] === null) free.push([x, y]);
    }
  }
  free.forEach(([x, y], place) => {
    const word = words[place >> 3];
    grid[y][x] = word !== undefined && ((word >> (7 - (place & 7))) & 1) === 1;
  });
  return free;
}

function describe(grid, level, mask) {
  const size = grid.length;
  const data = (FORMAT_BITS[level] << 3) | mask;
  let rest = data;
  for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const value = ((data << 10) | rest) ^ 0x5412;
  const dark = (bit) => ((value >> bit) & 1) === 1;
  for (let bit = 0; bit < 6; bit += 1) grid[bit][8] = dark(bit);
  grid[7][8] = dark(6);
  grid[8][8] = dark(7);
  grid[8][7] = dark(8);
  for (let bit = 9; bit < 15; bit += 1) grid[8][14 - bit] = dark(bit);
  for (let bit = 0; bit < 8; bit += 1) grid[8][size - 1 - bit] = dark(bit);
  for (let bit = 8; bit < 15; bit += 1) grid[size - 15 + bit][8] = dark(bit);
}

/** How hard a square is to read: long runs, blocks, what looks like a finder, and too much of one colour. */
function penalty(grid) {
  const size = grid.length;
  let cost = 0;
  let darks = 0;
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]))];
  for (const line of lines) {
    const text = line.map((dark) => (dark ? "1" : "0")).join("");
    for (const run of text.match(/1{5,}|0{5,}/g) || []) cost += run.length - 2;
    for (let at = text.indexOf("1011101"); at >= 0; at = text.indexOf("1011101", at + 1)) {
      const before = text.slice(Math.max(0, at - 4), at);
      const after = text.slice(at + 7, at + 11);
      if (!before.includes("1") || !after.includes("1")) cost += 40;
    }
  }
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (grid[y][x]) darks += 1;
      if (y && x && grid[y][x] === grid[y - 1][x] && grid[y][x] === grid[y][x - 1] && grid[y][x] === grid[y - 1][x - 1]) {
        cost += 3;
      }
    }
  }
  return cost + Math.floor(Math.abs((darks * 100) / size ** 2 - 50) / 5) * 10;
}

/** The QR code of a text; null for one that is too long. `fixed` chooses the mask, else the most legible is. */
export function encode(text, fixed = null) {
  const data = bytes(text);
  let version = 1;
  while (version <= 40 && !holds(version, "M", data.length)) version += 1;
  if (version > 40) return null;
  const level = LEVELS.filter((each) => each !== "L" && holds(version, each, data.length)).pop();
  const words = stream(data, version, level);
  let best = null;
  for (let mask = 0; mask < 8; mask += 1) {
    if (fixed !== null && mask !== fixed) continue;
    const grid = frame(version);
    for (const [x, y] of fill(grid, words)) if (MASKS[mask](x, y)) grid[y][x] = !grid[y][x];
    describe(grid, level, mask);
    const cost = penalty(grid);
    if (best === null || cost < best.cost) best = { cost, mask, grid };
  }
  return { version, level, mask: best.mask, rows: best.grid };
}

/** The path of an SVG that draws the code with its quiet zone, and the SVG's size in modules. */
export function drawing({ rows }) {
  const quiet = 4;
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      let end = x;
      while (row[end]) end += 1;
      path += `M${x + quiet} ${y + quiet}h${end - x}v1h${x - end}z`;
      x = end;
    }
  });
  return { path, size: rows.length + 2 * quiet };
}
