// Whether a page may be the landing page of a tagged link, and the address that parameters are added to.
// A port of canonry.app.landing.

import { asciiHost } from "./hosts.js";
import { masked } from "./personal.js";
import { ascii, fold, head, partition, printable, repr, rpartition, split, strip, unquote } from "./text.js";

const SAFE = /^[A-Za-z0-9\-._~/:]*$/;
const HOST = /^[a-z0-9\-.]*$/;
const NEVER = [" ", '"', "<", ">", "\\", "^", "`", "{", "|", "}"];

/** The company's hosts, and the parameters that a landing page must not carry already. */
export class Pages {
  constructor(domains, keys, platforms) {
    this.domains = domains;
    this.keys = new Set(keys);
    const every = Object.entries(platforms);
    this.clickIds = new Map(every.flatMap(([name, each]) => each.click_ids.map((key) => [key, name])));
    this.labels = new Map(every.map(([name, each]) => [name, each.label || name]));
  }

  /**
   * The landing page that a person typed: `url` without what belongs to somebody's click, `problems` that stop the
   * link and `notes` that do not; each is a rule's name, a sentence and what to do.
   */
  look(text) {
    const page = { url: strip(text), host: "", notes: [], problems: [] };
    if (page.url.startsWith("https://") && SAFE.test(page.url)) {
      page.host = fold(partition(page.url.slice(8), "/")[0]);
      if (page.host) {
        this.judge(page);
        return page;
      }
    }
    if (!page.url) {
      page.problems.push(["link-scheme", "there is no landing page", "--url https://..."]);
      return page;
    }
    this.scheme(page);
    if (page.problems.length) return page;
    page.problems.push(...characters(page.url));
    const authority = partition(page.url, "://")[2].split(/[/?#]/)[0];
    if (authority.includes("@")) {
      const advice = `https://${rpartition(authority, "@")[2]}`;
      page.problems.push(["link-userinfo", "the address carries a user name or password", advice]);
      return page;
    }
    page.host = fold(authority.split(":")[0]).replace(/\.+$/, "");
    this.judge(page);
    if (/[?#]/.test(page.url)) this.query(page);
    if (page.url.includes("@") || page.url.includes("%40")) {
      const hidden = masked(page.url);
      if (hidden !== page.url) {
        const message = `the address carries personal data: ${head(hidden, 200)}`;
        page.problems.push(["link-personal-data", message, "an address without it"]);
      }
    }
    return page;
  }

  scheme(page) {
    const { url } = page;
    const [scheme, mark, rest] = partition(url, "://");
    if (mark && ["http", "https"].includes(fold(scheme))) {
      page.url = `${fold(scheme)}://${rest}`;
      if (!rest || "/?#".includes(rest[0])) {
        page.problems.push(["link-host", "the address has no host", "https://www.example.com/..."]);
      }
      return;
    }
    const first = url.split(/[/?#]/)[0];
    const short = head(first, 40);
    if ("/.?#".includes(url[0]) && !url.startsWith("//")) {
      const message = "an address without a host leads from one page of the site to another";
      const advice = "no tags on links inside the site; campaign links name their host";
      page.problems.push(["link-internal", message, advice]);
    } else if (mark || first.split(".")[0].includes(":")) {
      page.problems.push(["link-scheme", `${short} is no web address`, "https://..."]);
    } else if (url.startsWith("//") || (first.includes(".") && !first.includes("@"))) {
      page.url = `https://${url.replace(/^\/+/, "")}`;
      page.notes.push(["link-scheme", "the address had no https://", head(page.url, 200)]);
    } else {
      page.problems.push(["link-scheme", `${short} is no address of a page`, "https://..."]);
    }
  }

  judge(page) {
    const verdict = this.judged(page.host);
    if (verdict !== null) (verdict[3] ? page.problems : page.notes).push(verdict.slice(0, 3));
  }

  /** Rule, sentence, advice, and whether it stops the link. */
  judged(host) {
    const { domains } = this;
    if (!host || !HOST.test(host) || !host.includes(".") || host.includes("..") || "-.".includes(host[0])) {
      return ["link-host", `${repr(head(host, 80))} is no host that a browser could reach`, "https://www...", true];
    }
    if (oneOf(host, domains.landing)) return null;
    if (oneOf(host, domains.short_link)) {
      const message = `${host} only forwards; tag the page that it leads to`;
      return ["link-host-elsewhere", message, "shorten the finished link afterwards", false];
    }
    if (oneOf(host, domains.payment)) {
      const message = `${host} takes payments; no campaign leads there`;
      return ["link-host-elsewhere", message, "the page that the visitor should see first", true];
    }
    if (oneOf(host, domains.own)) {
      const message =
        `${host} is a site of ours to which no campaign leads, and tags on a link between our ` +
        "own pages overwrite where the visitor really came from";
      return ["link-internal", message, "leave the link untagged", true];
    }
    if (!domains.landing.length) return null;
    const advice = "check the address; new hosts go to registry/domains.yaml";
    return ["link-host-elsewhere", `${host} is no landing host of ours`, advice, false];
  }

  query(page) {
    const [base, pairs, fragment] = split(page.url);
    const query = partition(partition(page.url, "#")[0], "?")[2];
    if (query.includes("?")) {
      const fixed = page.url.replace("?", "\0").replaceAll("?", "&").replaceAll("\0", "?");
      page.problems.push(["link-question-marks", "the address has two question marks", head(fixed, 200)]);
      return;
    }
    if (fold(fragment).includes("utm_")) {
      page.problems.push(["link-query-in-fragment", "parameters after # reach nobody", "put ?... before #..."]);
      return;
    }
    const kept = [];
    const tags = [];
    for (const [key, value] of pairs) {
      const name = unquote(key) || key;
      if (this.clickIds.has(name)) {
        const message = `${name} is ${this.labels.get(this.clickIds.get(name))}'s mark of one click, and was taken out`;
        page.notes.push(["link-click-id", message, "copy addresses without it"]);
      } else if (this.keys.has(name) || fold(name).startsWith("utm_")) {
        tags.push(name);
      } else {
        kept.push([key, value]);
      }
    }
    const left = kept.map(([key, value]) => (value ? `${key}=${value}` : key)).join("&");
    const plain = base + (kept.length ? `?${left}` : "") + fragment;
    if (tags.length) {
      const message = `the address carries ${[...new Set(tags)].join(", ")} already`;
      page.problems.push(["link-parameter-repeated", message, `use ${head(plain, 200)}`]);
    } else if (kept.length < pairs.length) {
      page.url = plain;
    }
  }
}

function characters(url) {
  const found = [];
  if (!ascii(url)) {
    const host = partition(partition(url, "://")[2], "/")[0];
    if (!ascii(host)) {
      const other = asciiHost(host);
      const advice = other ? `${partition(url, "/")[0]}//${other}` : "";
      found.push(["link-host-foreign-letters", "the host has letters beyond a-z", advice]);
    }
  }
  if (!printable(url)) {
    const message = "the address holds a line break or another invisible character";
    found.push(["link-control-character", message, "type it"]);
    return found;
  }
  const wrong = NEVER.filter((char) => url.includes(char));
  if (wrong.length) {
    const listed = wrong.join("") === " " ? "a space" : wrong.join(" ");
    found.push(["link-space", `the address holds ${listed}, which no address may hold`, "percent-encode it: %20"]);
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(url)) {
    found.push(["link-encoding", "a % is followed by no two hexadecimal digits", "%25 for a % sign"]);
  }
  return found;
}

function oneOf(host, hosts) {
  return hosts.some((known) => host === known || (known.startsWith("*.") && host.endsWith(known.slice(1))));
}
