/* Two heads on the same scenes: where only one succeeds, and one scene side by side. All that is chosen stands in the address. */
"use strict";
run(async () => {
  const usable = catalogue.splits.filter((s) => s.learned.length > 1);
  if (!usable.length) throw new Error("these results hold no split with two trained heads");
  const given = addressWords();
  const fallback = usable[0];
  const [split, condition, level] = given.length >= 3 ? given : [fallback.name, ...fallback.conditions[0]];
  const { split: known, file, words: name } = findCondition(split, condition, level);
  const heads = [given[3] ?? known.learned[0], given[4] ?? known.learned[1]];
  for (const head of heads) if (!known.heads.includes(head)) throw new Error(`head ${head} is not in split ${split}; there are: ${known.heads.join(", ")}`);
  const chunk = await chunks.load(file);
  const seeds = sharedSeeds(chunk, heads);
  const pairs = pairsOf(chunk, heads, seeds);
  const scene = given[5] ?? String((pairs.find((p) => kindOf(p.episodes) === "only the second") ?? pairs.find((p) => kindOf(p.episodes) === "only the first") ?? pairs[0])?.scene ?? "");
  const at = { split, condition, level };
  return [
    crumbs(["index.html", "Results"], [known.page, known.words], [conditionAddress(at), name], [null, "two heads"]),
    make("h1", {}, swatch(heads[0]), heads[0], " and ", swatch(heads[1]), `${heads[1]}: ${name}`),
    choices(usable, known, at, heads),
    counts(known, pairs, heads, seeds),
    ...beside(known, chunk, pairs.filter((p) => String(p.scene) === scene), scene),
    make("h2", {}, "Scenes, those first in which the outcomes differ"),
    scenes(pairs, at, heads, scene),
    glossary(pairs.flatMap((p) => p.episodes.map((e) => e.reason))) ?? "",
  ];
});

const KINDS = ["only the second", "only the first", "neither", "both"];

function kindOf([first, second]) {
  return first.success ? (second.success ? "both" : "only the first") : second.success ? "only the second" : "neither";
}

const sharedSeeds = (chunk, heads) => {
  const of = (head) => new Set(chunk.policies.filter((p) => p.head === head).map((p) => p.seed));
  const second = of(heads[1]);
  return [...of(heads[0])].filter((seed) => second.has(seed));
};

/* [{scene, seed, episodes: [first's, second's]}] of the scenes and training seeds that both have. */
function pairsOf(chunk, heads, seeds) {
  const at = new Map(chunks.episodes(chunk, (e) => heads.includes(e.head)).map((e) => [`${e.head}/${e.seed}/${e.scene}`, e]));
  return chunk.scenes.flatMap(({ index }) =>
    seeds.map((seed) => ({ scene: index, seed, episodes: heads.map((head) => at.get(`${head}/${seed}/${index}`)) })).filter((p) => p.episodes.every(Boolean)),
  );
}

function choices(usable, known, at, heads) {
  const go = (next, chosen) => (location.hash = compareAddress(next, chosen).split("#")[1]);
  const select = (label, values, value, change) =>
    make("label", {}, `${label} `, make("select", { id: `choose-${label}`.replace(" ", "-"), change: (event) => change(event.target.value) }, values.map(([key, text]) => make("option", { value: key, selected: key === value }, text))));
  const both = (split) => (heads.every((head) => split.heads.includes(head)) ? heads : split.learned.slice(0, 2));
  return make(
    "form",
    { class: "filters", submit: (event) => event.preventDefault() },
    select("split", usable.map((s) => [s.name, s.words]), at.split, (name) => {
      const next = usable.find((s) => s.name === name);
      go({ split: name, condition: next.conditions[0][0], level: next.conditions[0][1] }, both(next));
    }),
    select("condition", known.conditions.map(([c, l, , , , text], i) => [String(i), text]), String(known.conditions.findIndex(([c, l]) => c === at.condition && l === at.level)), (i) => {
      const [condition, level] = known.conditions[Number(i)];
      go({ ...at, condition, level }, heads);
    }),
    select("first head", known.heads.map((h) => [h, h]), heads[0], (head) => go(at, [head, heads[1]])),
    select("second head", known.heads.map((h) => [h, h]), heads[1], (head) => go(at, [heads[0], head])),
  );
}

function counts(known, pairs, heads, seeds) {
  if (!pairs.length) return make("p", {}, `${heads[0]} and ${heads[1]} share no training seed and scene in this condition.`);
  const n = (kind) => pairs.filter((p) => kindOf(p.episodes) === kind).length;
  const text = `Of ${pairs.length} pairs (scenes x ${seeds.length} training seed${seeds.length > 1 ? "s" : ""}): both succeed in ${n("both")}, only ${heads[0]} in ${n("only the first")}, only ${heads[1]} in ${n("only the second")}, neither in ${n("neither")}.`;
  const verdicts = make("a", { href: `${known.page}#verdicts` }, `Verdicts of ${known.words}`);
  return make("p", { id: "counts" }, text, " Whether that is a difference: ", verdicts, ".");
}

/* One scene: what both made of it, and their videos. */
function beside(known, chunk, pairs, scene) {
  if (!pairs.length) return [];
  const card = (e) =>
    make(
      "div",
      { class: "card" },
      make("h3", {}, swatch(e.head), make("a", { href: episodeAddress(e) }, `${e.head}, seed ${e.seed}`), " ", mark(e), e.success ? " success" : ` ${words(e.reason)}`),
      make("p", { class: "note" }, `furthest stage: ${stageWords(e.stage)}, ${e.steps} waypoints, grasp error ${centimetres(e.grasp_error_m)}, place error ${centimetres(e.place_error_m)}`),
    );
  const [{ episodes }] = pairs;
  const command = `para-bench replay ${known.results} ${[episodes[0].split, episodes[0].condition, episodes[0].level, scene, episodes[0].head, episodes[0].seed].join("/")} --beside ${episodes[1].head}`;
  const [heading, ...view] = firstView(known, chunk, episodes, command);
  heading.textContent = `Scene ${scene}`;
  return [heading, make("div", { class: "cards pair" }, pairs.flatMap((p) => p.episodes.map(card))), ...view];
}

function scenes(pairs, at, heads, chosen) {
  const ranked = [...pairs].sort((a, b) => KINDS.indexOf(kindOf(a.episodes)) - KINDS.indexOf(kindOf(b.episodes)) || a.scene - b.scene);
  const cell = (e) => make("td", {}, mark(e), e.success ? " success" : ` ${words(e.reason)}`, e.video ? " ▸" : "");
  const row = (p) =>
    make(
      "tr",
      { "aria-current": String(p.scene) === chosen ? "true" : null },
      make("th", { scope: "row" }, make("a", { href: compareAddress({ ...at, scene: p.scene }, heads) }, `scene ${p.scene}`)),
      make("td", {}, p.seed),
      p.episodes.map(cell),
    );
  const draw = (rows) =>
    scroll(
      "Scenes by outcome of both heads",
      make(
        "table",
        { class: "plain pairs" },
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "scene"), make("th", { scope: "col" }, "seed"), heads.map((head) => make("th", { scope: "col" }, swatch(head), head)))),
        make("tbody", {}, rows.map(row)),
      ),
    );
  return paged(ranked, 50, draw);
}
