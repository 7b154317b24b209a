/* A condition: rates, why episodes failed, where the object stood, and every scene with every policy's outcome. */
"use strict";
run(async () => {
  const [split, condition, level] = addressWords();
  const { split: known, file, filmed, words: name } = findCondition(split, condition, level);
  const chunk = await chunks.load(file);
  const episodes = chunks.episodes(chunk);
  const heads = known.heads.filter((head) => episodes.some((e) => e.head === head));
  return [
    crumbs(["index.html", "Results"], [known.page, known.words], [null, name]),
    make("h1", {}, `${known.words}: ${name}`),
    known.learned.length > 1 && make("p", {}, make("a", { href: compareAddress({ split, condition, level }, known.learned.slice(0, 2)) }, "Compare two heads, scene by scene")),
    ratesTable(chunk, heads, episodes),
    glossary(episodes.map((e) => e.reason)),
    filmed.length > 0 && make("p", {}, "With videos: ", filmed.slice(0, 20).flatMap((scene) => [make("a", { href: sceneAddress({ split, condition, level, scene }) }, `scene ${scene}`), " "])),
    ...tabletop(chunk, heads, episodes),
    make("h2", {}, "Scenes"),
    scenesTable(chunk, heads, episodes),
  ].filter(Boolean);
});

/* Rate and failure reasons of each head; a count opens its episodes. */
function ratesTable(chunk, heads, episodes) {
  const counts = new Map();
  for (const e of episodes) if (!e.success) counts.set(e.reason, (counts.get(e.reason) || 0) + 1);
  const reasons = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const at = { split: chunk.split, condition: chunk.condition, level: chunk.level };
  const row = (head) => {
    const own = episodes.filter((e) => e.head === head);
    const entry = chunk.rates.find((r) => r.head === head);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, swatch(head), head),
      make("td", {}, make("a", { href: listAddress({ ...at, head }) }, rate(entry))),
      make("td", {}, make("span", { class: "gap" }, entry.gap || "–")),
      reasons.map((reason) => {
        const n = own.filter((e) => !e.success && e.reason === reason).length;
        return make("td", { class: "number" }, n ? make("a", { href: listAddress({ ...at, head, outcome: "failure", reason }) }, n) : "·");
      }),
    );
  };
  const names = ["head", "successes, % [95 % interval]", "gap in points", ...reasons];
  return scroll(
    "Rates and failure reasons",
    make(
      "table",
      { class: "plain reasons" },
      make("thead", {}, make("tr", {}, names.map((name) => make("th", { scope: "col" }, words(name))))),
      make("tbody", {}, heads.map(row)),
    ),
  );
}

/* Rows: scenes, columns: policies. */
function scenesTable(chunk, heads, episodes) {
  const policies = chunk.policies.filter((p, i) => chunk.policies.findIndex((q) => q.head === p.head && q.seed === p.seed) === i);
  const seeds = new Set(policies.map((p) => p.seed)).size;
  const at = new Map(episodes.map((e) => [`${e.scene}/${e.head}/${e.seed}`, e]));
  const failures = new Map();
  for (const e of episodes) if (!e.success && e.checkpoint) failures.set(e.scene, (failures.get(e.scene) || 0) + 1);
  const filmed = new Set(episodes.filter((e) => e.video).map((e) => e.scene));
  const byNumber = chunk.scenes.map((s) => ({ split: chunk.split, condition: chunk.condition, level: chunk.level, scene: s.index }));
  const first = heads.find((head) => episodes.some((e) => e.head === head && e.checkpoint));
  const lost = new Set(episodes.filter((e) => !e.success && e.head === first).map((e) => e.scene));
  const rank = (s) => [filmed.has(s.scene), lost.has(s.scene), failures.get(s.scene) || 0];
  /* Scenes with a video, then those in which the first head fails, then those in which most policies do. */
  const failuresFirst = [...byNumber].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || a.scene - b.scene;
  });
  const differ = (s) => new Set(policies.map((p) => at.get(`${s.scene}/${p.head}/${p.seed}`)?.success)).size > 1;
  const cell = (s, p) => {
    const e = at.get(`${s.scene}/${p.head}/${p.seed}`);
    if (!e) return make("td", { class: "missing" }, "–");
    const label = `${p.head} seed ${p.seed}, scene ${s.scene}: ${words(e.reason)}`;
    return make("td", { class: "outcome" }, make("a", { href: episodeAddress(e), title: label, "aria-label": label }, mark(e), e.video ? "▸" : ""));
  };
  const draw = (rows) =>
    scroll(
      "Outcome of every policy in every scene",
      make(
        "table",
        { class: "plain scenes" },
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "scene"), policies.map((p) => make("th", { scope: "col" }, swatch(p.head), policyName(p, seeds))))),
        make("tbody", {}, rows.map((s) => make("tr", {}, make("th", { scope: "row" }, make("a", { href: sceneAddress(s) }, s.scene)), policies.map((p) => cell(s, p))))),
      ),
    );
  const show = () => {
    const scenes = order.value === "number" ? byNumber : failuresFirst;
    list.replaceChildren(paged(only.checked ? scenes.filter(differ) : scenes, 50, draw));
  };
  const list = make("div", {});
  const only = make("input", { type: "checkbox", change: show });
  const order = make("select", { change: show }, make("option", { value: "failures" }, "videos and failures first"), make("option", { value: "number" }, "by number"));
  show();
  const short = seeds > 1 && make("p", { class: "note" }, "s0: training seed 0. ▸: has a video.");
  return make("div", {}, short || "", make("p", { class: "filters" }, make("label", {}, "Order ", order), make("label", {}, only, " only scenes in which outcomes differ")), list);
}
