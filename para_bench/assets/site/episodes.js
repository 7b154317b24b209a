/* All episodes, filtered. The filters stand in the page's address, so a filtered list can be linked to. */
"use strict";
const NAMES = ["split", "condition", "level", "head", "outcome", "reason"];
const OUTCOMES = { success: (e) => e.success, failure: (e) => !e.success, undone: (e) => e.success_once && !e.success };
const SIZE = 100;

run(async () => {
  const filters = Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].filter(([name, value]) => NAMES.includes(name) && value));
  const splits = catalogue.splits.filter((s) => !filters.split || s.name === filters.split);
  const wanted = splits.flatMap((s) => s.conditions.filter(([c, l]) => (!filters.condition || c === filters.condition) && (!filters.level || l === filters.level)));
  const loaded = await Promise.all(wanted.map(([, , file]) => chunks.load(file)));
  const found = loaded.flatMap((chunk) => matching(chunk, filters));
  if (!filters.outcome) found.sort(([a, i], [b, j]) => a.columns.success_at_end[i] - b.columns.success_at_end[j]); // failures first; the sort is stable
  const won = found.reduce((sum, [chunk, i]) => sum + chunk.columns.success_at_end[i], 0);
  return [
    crumbs(["index.html", "Results"], [null, "Episodes"]),
    make("h1", {}, "Episodes"),
    form(filters, splits, loaded),
    make("p", { role: "status", id: "count" }, `${counted(found.length)} episodes, ${counted(won)} of them successes`),
    paged(found, SIZE, table),
    glossary(loaded.flatMap((chunk) => chunk.reasons)) ?? "",
  ];
});

/* [chunk, row] of the episodes that pass; rows become episodes only when they are shown. */
function matching(chunk, filters) {
  const { policy, reason, success_once, success_at_end } = chunk.columns;
  const heads = chunk.policies.map((p) => !filters.head || p.head === filters.head);
  const reasons = chunk.reasons.map((r) => !filters.reason || r === filters.reason);
  const passes = OUTCOMES[filters.outcome];
  const rows = [];
  for (let i = 0; i < policy.length; i++) {
    if (!heads[policy[i]] || !reasons[reason[i]]) continue;
    if (passes && !passes({ success: success_at_end[i] === 1, success_once: success_once[i] === 1 })) continue;
    rows.push([chunk, i]);
  }
  return rows;
}

function form(filters, splits, loaded) {
  const conditions = splits.flatMap((s) => s.conditions);
  const levels = conditions.filter(([c]) => c === filters.condition).map(([, l]) => l);
  const choices = {
    split: catalogue.splits.map((s) => s.name),
    condition: conditions.map(([c]) => c),
    level: filters.condition ? levels : [],
    head: splits.flatMap((s) => s.heads),
    outcome: Object.keys(OUTCOMES),
    reason: [...loaded.flatMap((chunk) => chunk.reasons), ...(filters.reason ? [filters.reason] : [])],
  };
  const change = (name, value) => {
    const next = { ...filters, [name]: value };
    if (name === "split") delete next.condition;
    if (name === "split" || name === "condition") delete next.level;
    for (const key in next) if (!next[key]) delete next[key];
    location.hash = new URLSearchParams(next).toString();
  };
  const shown = (name, value) => {
    if (name === "split") return catalogue.splits.find((s) => s.name === value)?.words ?? "all";
    if (name === "condition" && value === "id") return "no shift";
    return name === "head" && value ? value : words(value) || "all";
  };
  const field = (name) => {
    const options = ["", ...new Set(choices[name])].map((value) => make("option", { value, selected: value === (filters[name] ?? "") }, shown(name, value)));
    return make("label", {}, `${name} `, make("select", { id: `filter-${name}`, disabled: !choices[name].length, change: (event) => change(name, event.target.value) }, options));
  };
  return make("form", { class: "filters", submit: (event) => event.preventDefault() }, NAMES.map(field));
}

function table(rows) {
  const names = ["episode", "head", "outcome", "reason", "split", "condition", "scene", "seed", "steps", "grasp error"];
  const row = ([chunk, i]) => {
    const e = chunks.episode(chunk, i);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, make("a", { href: episodeAddress(e) }, "open", e.video ? " ▸" : "")),
      make("td", {}, swatch(e.head), e.head),
      make("td", {}, mark(e), e.success ? " success" : " failure"),
      make("td", {}, words(e.reason)),
      make("td", {}, catalogue.splits.find((s) => s.name === e.split).words),
      make("td", {}, chunk.words),
      make("td", { class: "number" }, make("a", { href: sceneAddress(e) }, e.scene)),
      make("td", { class: "number" }, e.seed),
      make("td", { class: "number" }, e.steps),
      make("td", { class: "number" }, centimetres(e.grasp_error_m)),
    );
  };
  return scroll(
    "Episodes",
    make("table", { class: "plain" }, make("thead", {}, make("tr", {}, names.map((n) => make("th", { scope: "col" }, n)))), make("tbody", {}, rows.map(row))),
  );
}
