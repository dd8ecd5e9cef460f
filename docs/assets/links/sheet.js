// Rows pasted from a spreadsheet or a CSV file, and rows written for one.


/** What divides the cells: a tab, a semicolon or a comma, whichever the first line has, in this order. */
function divider(text) {
  const first = text.split(/\r?\n/, 1)[0].replace(/"[^"]*"/g, "");
  return ["\t", ";", ","].find((mark) => first.includes(mark)) ?? ",";
}

/** Rows of cells; quotes as spreadsheets write them, a line break inside them included. Blank lines are left out. */
export function parse(text, mark = divider(text)) {
  const rows = [];
  let cells = [];
  let cell = "";
  let quoted = false;
  const end = () => {
    cells.push(cell);
    cell = "";
  };
  const line = () => {
    end();
    if (cells.length > 1 || cells[0] !== "") rows.push(cells);
    cells = [];
  };
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === mark) end();
    else if (char === "\n") line();
    else if (char === "\r" && text[at + 1] === "\n") continue;
    else cell += char;
  }
  if (cell !== "" || cells.length) line();
  return rows;
}

/** A cell that no spreadsheet takes for a formula. */
function harmless(cell) {
  const text = String(cell ?? "");
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Rows as CSV, with CRLF as RFC 4180 has it and a mark by which spreadsheets know UTF-8. */
export function serialise(rows) {
  const lines = rows.map((row) =>
    row
      .map(harmless)
      .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(","),
  );
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/** Links of pasted text: one a line, or the column of a sheet that holds them. */
export function links(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const sheet = lines.length && /\t/.test(lines[0]) ? parse(text, "\t") : null;
  if (sheet === null) return lines;
  const counts = sheet[0].map((_, place) => sheet.filter((row) => /:\/\/|utm_/.test(row[place] ?? "")).length);
  const column = counts.indexOf(Math.max(...counts));
  const headed = !/:\/\/|utm_/.test(sheet[0][column]);
  return sheet.slice(headed ? 1 : 0).map((row) => row[column] ?? "").filter((cell) => cell.trim());
}
