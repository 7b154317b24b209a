/* The table seen from above: where the object stood, and whether one policy brought it to the plate. */
"use strict";

/* One mark an episode, the chosen one ringed; null where the records do not tell positions. SVG units: millimetres. */
function tableTop(chunk, episodes, chosen) {
  const spots = new Map(chunk.scenes.filter((s) => s.at).map((s) => [s.index, s.at]));
  const shown = episodes.filter((e) => spots.has(e.scene));
  if (!shown.length) return null;
  const margin = 20;
  const ends = (axis) => {
    const values = [...spots.values()].map((at) => at[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const spare = Math.max(0, 0.12 - (high - low)) / 2; // a few scenes close together still make a map
    return [low - spare, high + spare];
  };
  const [x, y] = [ends(0), ends(1)]; // the robot stands below and looks up: its x points up, its y to the left
  const left = (value) => margin + 1000 * (y[1] - value);
  const top = (value) => margin + 1000 * (x[1] - value);
  const width = 2 * margin + 1000 * (y[1] - y[0]);
  const height = 2 * margin + 1000 * (x[1] - x[0]);

  const dot = (e) => {
    const at = spots.get(e.scene);
    const [u, v] = [left(at[1]), top(at[0])];
    const label = `scene ${e.scene}: ${words(e.reason)} (x ${at[0].toFixed(3)} m, y ${at[1].toFixed(3)} m)`;
    const shape = e.success ? make("circle", { class: "yes", cx: u, cy: v, r: 2.6 }) : make("path", { class: "no", d: `M${u - 2.6} ${v - 2.6}l5.2 5.2m0-5.2l-5.2 5.2` });
    const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
    link.setAttribute("href", episodeAddress(e));
    link.setAttribute("aria-label", label);
    link.append(make("title", {}, label), make("circle", { class: "hit", cx: u, cy: v, r: 5 }), shape);
    if (chosen && e.scene === chosen.scene) link.append(make("circle", { class: "ring", cx: u, cy: v, r: 7 }));
    return link;
  };
  return make(
    "svg",
    { viewBox: `-1 -1 ${width + 2} ${height + 22}`, role: "group", "aria-label": `Object positions of ${shown[0].head}, seed ${shown[0].seed}` },
    make("rect", { width, height, class: "table" }),
    make("path", { class: "bar5", d: `M${margin} ${height + 8}v4h50v-4` }),
    make("text", { x: margin + 25, y: height + 20, "text-anchor": "middle" }, "5 cm"),
    make("text", { x: Math.min(Math.max(left(0), 2 * margin + 50), width - margin), y: height + 14, "text-anchor": "middle" }, "robot"),
    shown.map(dot),
  );
}

/* A heading, a choice of policies and the map, or nothing where the records do not tell positions. */
function tabletop(chunk, heads, episodes) {
  if (!chunk.scenes.some((s) => s.at)) return [];
  const policies = heads.flatMap((head) => [...new Set(episodes.filter((e) => e.head === head).map((e) => e.seed))].map((seed) => ({ head, seed })));
  const options = policies.map((p, i) => make("option", { value: i }, `${p.head}, seed ${p.seed}`));
  const choice = make("select", { change: () => draw() }, options);
  const frame = make("div", { class: "tabletop" });
  const draw = () => {
    const { head, seed } = policies[choice.value];
    frame.replaceChildren(...[tableTop(chunk, episodes.filter((e) => e.head === head && e.seed === seed))].filter(Boolean));
  };
  draw();
  return [
    make("h2", {}, "Table top"),
    make("p", { class: "note" }, "Where the object stood, seen from above, the robot below: circle = success, cross = failure. A mark opens its episode."),
    make("p", {}, make("label", {}, "Policy ", choice)),
    frame,
  ];
}
