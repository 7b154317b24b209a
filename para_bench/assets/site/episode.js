/* One episode: its whole record, its video, and the command that runs it again. */
"use strict";
run(async () => {
  const [split, condition, level, scene, head, seed] = addressWords();
  const { split: known, file, words: name } = findCondition(split, condition, level);
  const chunk = await chunks.load(file);
  const [episode] = chunks.episodes(chunk, (e) => String(e.scene) === scene && e.head === head && String(e.seed) === seed);
  if (!episode) throw new Error(`no episode of ${head}, seed ${seed}, scene ${scene} in ${name}`);
  const command = `para-bench replay ${known.results} ${addressWords().join("/")}`;
  const outcome = episode.success ? "success" : episode.success_once ? "success, then undone" : "failure";
  const facts = {
    outcome: [mark(episode), ` ${outcome}`],
    reason: [words(episode.reason), make("small", {}, catalogue.reasons[episode.reason] ?? "")],
    "furthest stage": stageWords(episode.stage),
    "steps (waypoints)": episode.steps,
    "grasp error": centimetres(episode.grasp_error_m),
    "place error": centimetres(episode.place_error_m),
    "simulated time": `${episode.sim_seconds.toFixed(1)} s`,
    "wall time": `${episode.seconds.toFixed(1)} s`,
    ...Object.fromEntries(Object.entries(episode.extra).map(([key, value]) => measured(key, value))),
    backbone: episode.backbone || "none",
    demonstrations: episode.demos,
    checkpoint: make("code", {}, episode.checkpoint || "none"),
    scene: make("code", {}, episode.scene_hash),
    configuration: make("code", {}, episode.config),
  };
  return [
    crumbs(["index.html", "Results"], [known.page, known.words], [conditionAddress(episode), name], [sceneAddress(episode), `scene ${scene}`], [null, `${head}, seed ${seed}`]),
    make("h1", {}, swatch(head), `${head}, seed ${seed}: ${outcome} in scene ${scene}, ${name}`),
    ...firstView(known, chunk, [episode]),
    make("h2", {}, "What happened"),
    make("dl", { class: "facts" }, Object.entries(facts).map(([fact, value]) => make("div", {}, make("dt", {}, fact), make("dd", {}, value)))),
    make("h2", {}, "Run it again"),
    make("pre", { tabindex: "0" }, command),
    make("p", { class: "note" }, "Films it beside the results, where the next site finds it."),
  ];
});
