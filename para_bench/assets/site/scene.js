/* One scene under one condition: what every policy made of it, and their videos side by side. */
"use strict";
run(async () => {
  const [split, condition, level, index] = addressWords();
  const { split: known, file, words: title } = findCondition(split, condition, level);
  const chunk = await chunks.load(file);
  const scene = chunk.scenes.find((s) => String(s.index) === index);
  if (!scene) throw new Error(`${title} has no scene ${index}`);
  const episodes = chunks.episodes(chunk, (e) => e.scene === scene.index);
  const indices = [...new Set(chunk.scenes.map((s) => s.index))];
  const here = indices.indexOf(scene.index);
  const other = (step, name, key) => {
    const to = indices[here + step];
    return to == null ? make("span", {}) : make("a", { href: sceneAddress({ split, condition, level, scene: to }), accesskey: key }, name);
  };
  const heads = [...new Set(episodes.filter((e) => e.checkpoint).map((e) => e.head))];
  const beside = heads.length > 1 ? ` --beside ${heads.slice(1).join(" ")}` : "";
  const command = `para-bench replay ${known.results} ${split}/${condition}/${level}/${scene.index}/${heads[0] ?? episodes[0].head}/0${beside}`;
  return [
    crumbs(["index.html", "Results"], [known.page, known.words], [conditionAddress(chunk), title], [null, `scene ${scene.index}`]),
    make("h1", {}, `${known.words}: ${title}, scene ${scene.index}`),
    make("p", { class: "neighbours" }, other(-1, "‹ previous scene", "p"), other(1, "next scene ›", "n")),
    ...firstView(known, chunk, episodes, command),
    heads.length > 1 && make("p", {}, make("a", { href: compareAddress({ split, condition, level, scene: scene.index }, heads.slice(0, 2)) }, "Compare two heads side by side")),
    make("h2", {}, "Episodes, failures first"),
    episodesTable(episodes),
    glossary(episodes.map((e) => e.reason)),
    elsewhere(known, chunk, scene.index),
    make("p", { class: "note" }, "scene ", make("code", {}, scene.hash)),
  ].filter(Boolean);
});

function episodesTable(episodes) {
  const names = ["head", "seed", "outcome", "furthest stage", "reason", "steps", "grasp error", "place error"];
  const row = (e) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, make("a", { href: episodeAddress(e) }, swatch(e.head), e.head)),
      make("td", {}, e.seed),
      make("td", {}, mark(e), e.success ? " success" : e.success_once ? " success, then undone" : " failure"),
      make("td", {}, stageWords(e.stage)),
      make("td", {}, words(e.reason)),
      make("td", { class: "number" }, e.steps),
      make("td", { class: "number" }, centimetres(e.grasp_error_m)),
      make("td", { class: "number" }, centimetres(e.place_error_m)),
    );
  return scroll(
    "Episodes of this scene",
    make("table", { class: "plain" }, make("thead", {}, make("tr", {}, names.map((n) => make("th", { scope: "col" }, n)))), make("tbody", {}, [...episodes].sort((a, b) => a.success - b.success).map(row))),
  );
}

/* The same scene index under those other conditions of the split that have it: the same objects, shifted otherwise. */
function elsewhere(split, chunk, index) {
  const others = split.conditions.filter(([c, l, , , , , scenes]) => !(c === chunk.condition && l === chunk.level) && scenes.includes(index));
  if (!others.length) return null;
  const links = others.map(([condition, level, , , , name]) => make("a", { href: sceneAddress({ split: split.name, condition, level, scene: index }) }, name));
  return make("p", { class: "elsewhere" }, "The same scene under: ", links.flatMap((link, i) => (i ? [" · ", link] : [link])));
}
