// Runs in the head, before anything is drawn: where the site begins (what Material's own script asks for, which is
// inline there and so refused by a strict policy), and whether it is dark.
{
  document.documentElement.classList.add("scripted");
  const root = new URL(document.currentScript.dataset.root, location);
  const key = (name, scope = root) => `${scope.pathname}.${name}`;
  window.__md_scope = root;
  window.__md_hash = (text) => [...text].reduce((sum, char) => (sum << 5) - sum + char.charCodeAt(0), 0);
  window.__md_get = (name, store = localStorage, scope = root) => {
    try {
      return JSON.parse(store.getItem(key(name, scope)));
    } catch {
      return null; // storage is switched off, or somebody else's
    }
  };
  window.__md_set = (name, value, store = localStorage, scope = root) => {
    try {
      store.setItem(key(name, scope), JSON.stringify(value));
    } catch {
      // storage is switched off: the choice lasts as long as the page
    }
  };

  const page = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const light = () => (page.dataset.light ?? (dark.matches ? "off" : "on")) === "on";
  const chosen = window.__md_get("light");
  if (chosen === "on" || chosen === "off") page.dataset.light = chosen;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("light");
    const name = () => button.setAttribute("aria-label", light() ? "Switch to dark" : "Switch to light");
    name();
    dark.addEventListener("change", name);
    button.addEventListener("click", () => {
      page.dataset.light = light() ? "off" : "on";
      window.__md_set("light", page.dataset.light);
      name();
    });
  });
}
