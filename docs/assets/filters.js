// Filters over the rows of a list: a word, and one choice per data attribute. What is chosen stands in the address,
// so that a filtered list can be sent to somebody. Works at thousands of rows: a table holds only the rows that it shows.

const SHOWN = 200; // rows drawn at once; the rest on demand
const LABELS = { owner: "Owner", status: "Status", platform: "Platform", pii: "Personal data", kind: "Kind", layer: "Layer" };

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function rowsOf(list) {
  const items = list.matches("table") ? list.tBodies[0].rows : list.querySelectorAll(".item");
  return [...items].map((item) => ({ item, text: item.textContent.toLowerCase().replaceAll("_", " ") }));
}

/** The words of a facet with how often each occurs, in the order of the alphabet. */
function choices(rows, facet) {
  const found = new Map();
  for (const { item } of rows) {
    for (const word of (item.dataset[facet] ?? "").split(" ")) {
      if (word) found.set(word, (found.get(word) ?? 0) + 1);
    }
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}

function start(bar) {
  let list = bar.nextElementSibling;
  while (list && !list.matches(".filtered")) list = list.querySelector(".filtered") ?? list.nextElementSibling;
  if (!list) return;
  const rows = rowsOf(list);
  if (rows.length < 2) return;
  const asked = new URLSearchParams(location.search);
  const selects = [];
  let all = false;

  const words = element("input", { type: "search", placeholder: "Narrow by any word", value: asked.get("q") ?? "" });
  words.setAttribute("aria-label", "Narrow by any word");
  bar.append(words);
  for (const facet of bar.dataset.filters.split(" ").filter(Boolean)) {
    const found = choices(rows, facet);
    if (found.length < 2) continue;
    const label = LABELS[facet] ?? facet[0].toUpperCase() + facet.slice(1);
    const select = element("select", { name: facet }, element("option", { value: "", textContent: `${label}: all` }));
    select.setAttribute("aria-label", label);
    for (const [word, times] of found) select.append(element("option", { value: word, textContent: `${word} (${times})` }));
    const wanted = asked.get(facet) ?? "";
    if (found.some(([word]) => word === wanted)) select.value = wanted;
    selects.push(select);
    bar.append(select);
  }
  const count = element("p", { className: "count" });
  count.setAttribute("role", "status");
  const clear = element("button", { type: "button", className: "button", textContent: "Clear", hidden: true });
  const more = element("button", { type: "button", className: "button more", hidden: true });
  bar.append(clear, count);
  list.after(more);

  const apply = () => {
    const wanted = words.value.toLowerCase().replaceAll("_", " ").split(/\s+/).filter(Boolean);
    const chosen = selects.filter((select) => select.value).map((select) => [select.name, select.value]);
    const matches = ({ item, text }) =>
      wanted.every((word) => text.includes(word)) &&
      chosen.every(([facet, value]) =>
        (item.dataset[facet] ?? "").split(" ").includes(value),
      );
    const fitting = rows.filter(matches);
    const found = fitting.length;
    const shown = all ? fitting : fitting.slice(0, SHOWN);
    if (list.matches("table")) {
      // rows that nobody sees leave the page: a browser lays thousands of hidden ones out again at every keystroke
      for (const { item } of shown) item.hidden = false;
      list.tBodies[0].replaceChildren(...shown.map(({ item }) => item));
    } else {
      const visible = new Set(shown);
      for (const row of rows) {
        const hidden = !visible.has(row);
        if (row.item.hidden !== hidden) row.item.hidden = hidden;
      }
    }
    for (const section of list.querySelectorAll(":scope > section")) {
      section.hidden = !section.querySelector(".item:not([hidden])");
    }
    const narrowed = wanted.length > 0 || chosen.length > 0;
    count.textContent = narrowed ? `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")}` : `${rows.length.toLocaleString("en")}`;
    clear.hidden = !narrowed;
    more.hidden = all || found <= SHOWN;
    more.textContent = `Show all ${found.toLocaleString("en")}`;
    const address = new URL(location);
    for (const name of ["q", ...selects.map((select) => select.name)]) address.searchParams.delete(name);
    if (words.value.trim()) address.searchParams.set("q", words.value.trim());
    for (const [facet, value] of chosen) address.searchParams.set(facet, value);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    if (list.matches(".symptoms")) {
      for (const { item } of rows) if (wanted.length > 0 && found <= 3 && !item.hidden) item.open = true;
    }
  };

  words.addEventListener("input", apply);
  for (const select of selects) select.addEventListener("change", apply);
  clear.addEventListener("click", () => {
    words.value = "";
    for (const select of selects) select.value = "";
    apply();
    words.focus();
  });
  more.addEventListener("click", () => {
    all = true;
    apply();
  });
  apply();
  list.classList.add("ready");
}

for (const bar of document.querySelectorAll(".filters")) start(bar);

// An address that leads into something closed opens it.
function reveal() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // not an encoded name: take it as it stands
  }
  const target = document.getElementById(name);
  for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
  if (target) target.scrollIntoView();
}
addEventListener("hashchange", reveal);
if (location.hash) reveal();
