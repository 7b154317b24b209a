/* What the pages share: elements, addresses, words, and lists that show one page at a time. */
"use strict";
const catalogue = chunks.values.get("catalogue");

/* An element with attributes (false and null leave one out, functions listen) and children. */
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "circle", "path", "rect", "line", "title", "text"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/* The words after # of the page's address. */
const addressWords = () => location.hash.slice(1).split("/").filter(Boolean).map(decodeURIComponent);
const address = (page, ...words) => `${page}.html#${words.map(encodeURIComponent).join("/")}`;
const conditionAddress = (e) => address("condition", e.split, e.condition, e.level);
const sceneAddress = (e) => address("scene", e.split, e.condition, e.level, e.scene);
const compareAddress = (e, heads) => address("compare", e.split, e.condition, e.level, ...heads, ...(e.scene == null ? [] : [e.scene]));
const episodeAddress = (e) => address("episode", e.split, e.condition, e.level, e.scene, e.head, e.seed);
const listAddress = (filters) => `episodes.html#${new URLSearchParams(filters)}`;

/* Entry of a condition in the catalogue; throws what the visitor reads. */
function findCondition(split, condition, level) {
  const found = catalogue.splits.find((s) => s.name === split);
  if (!found) throw new Error(`split ${split} is not in these results; there are: ${catalogue.splits.map((s) => s.words).join(", ")}`);
  const entry = found.conditions.find(([c, l]) => c === condition && l === level);
  if (!entry) throw new Error(`${found.words} has no condition ${words(condition)} ${level}`);
  return { split: found, file: entry[2], filmed: entry[4], words: entry[5] };
}

const words = (name) => name.replaceAll("_", " ");
const swatch = (head) => {
  const [colour, path] = catalogue.heads[head] ?? ["grey", "M-4-4h8v8h-8z"];
  return make("svg", { class: `key c-${colour}`, viewBox: "-6 -6 12 12", "aria-hidden": "true" }, make("path", { d: path }));
};
const counted = (n) => n.toLocaleString("en");
const stageWords = (stage) => (stage === "none" ? "none reached" : words(stage));
const centimetres = (metres) => (metres == null ? "–" : `${(100 * metres).toFixed(1)} cm`);
const mark = (e) => make("span", { class: e.success ? "yes" : "no" }, e.success ? "✓" : "✗");
const policyName = (p, seeds) => (seeds > 1 ? `${p.head} s${p.seed}` : p.head);
const scroll = (label, ...children) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, ...children);

function crumbs(...steps) {
  const items = steps.map(([href, name]) => make("li", {}, href ? make("a", { href }, name) : make("span", { "aria-current": "page" }, name)));
  return make("nav", { class: "crumbs", "aria-label": "Where you are" }, make("ol", {}, items));
}

/* What the reasons below a table mean; null where none of them has words. */
function glossary(reasons) {
  const known = [...new Set(reasons)].filter((reason) => catalogue.reasons[reason]);
  if (!known.length) return null;
  const entries = known.map((reason) => make("li", {}, make("b", {}, words(reason)), `: ${catalogue.reasons[reason]}`));
  return make("details", { class: "glossary" }, make("summary", {}, "What the reasons mean"), make("ul", {}, entries));
}

/* A measure in the unit that its title ends in; metres as centimetres. */
function measured(key, value) {
  const [, title, unit] = /^(.*?)(?: \[(\w+)\])?$/.exec(catalogue.measures[key] ?? words(key));
  if (value == null) return [title, "–"];
  return [title, unit === "m" ? centimetres(value) : unit ? `${value.toFixed(1)} ${unit}` : value];
}

/* A rate whose words were made with the records. */
function rate(entry) {
  const interval =
    entry.value != null &&
    make("span", { class: "interval", "aria-hidden": "true", style: `--low:${entry.low};--high:${entry.high};--rate:${entry.value}` });
  return [
    make("span", { class: "count" }, entry.count || "not run"),
    " ",
    make("span", { class: entry.rate ? "percent" : "missing" }, entry.rate || (entry.count ? "incomplete" : "")),
    interval,
  ];
}

/* Shows `rows` `size` at a time in the container that `draw(rows)` returns, with buttons below. */
function paged(rows, size, draw) {
  const box = make("div", { class: "paged" });
  const show = (page) => {
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    const at = Math.min(Math.max(page, 0), last);
    const step = (to, name) =>
      make("button", { type: "button", disabled: to < 0 || to > last || to === at, click: () => (show(to), box.querySelector(".turn span").focus()) }, name);
    const from = rows.length ? at * size + 1 : 0;
    const text = make("span", { tabindex: "-1" }, `${counted(from)}–${counted(Math.min((at + 1) * size, rows.length))} of ${counted(rows.length)}`);
    const turn = make("p", { class: "turn" }, step(0, "First"), step(at - 1, "Previous"), text, step(at + 1, "Next"), step(last, "Last"));
    box.replaceChildren(draw(rows.slice(at * size, (at + 1) * size)), ...(last ? [turn] : []));
  };
  show(0);
  return box;
}

/* Draws the page now and whenever its address changes, and keeps the focus; an error becomes a line of text. */
function run(draw) {
  const view = document.getElementById("view");
  const update = async () => {
    view.setAttribute("aria-busy", "true");
    const focused = document.activeElement.id;
    try {
      view.replaceChildren(...(await draw()));
    } catch (error) {
      const back = make("p", {}, make("a", { href: "index.html" }, "All results"));
      view.replaceChildren(crumbs(["index.html", "Results"], [null, "not found"]), make("h1", {}, "Not in these results"), make("p", { class: "error", role: "alert" }, error.message), back);
    }
    document.title = `${view.querySelector("h1").textContent} · para-bench`;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    view.removeAttribute("aria-busy");
  };
  window.addEventListener("hashchange", () => update().then(() => window.scrollTo(0, 0)));
  update();
}
