/* The table seen from above: where the object stood, and whether a policy brought it to the plate. */
"use strict";
const TABLE = { x: [0.04, 0.36], y: [-0.26, 0.26] }; // the workspace [m]; the robot's base is at (0, 0)

/* A heading and the map, or nothing where the records do not tell positions. */
function tabletop(chunk, heads, episodes) {
  const spots = new Map(chunk.scenes.filter((s) => s.at).map((s) => [s.index, s.at]));
  if (!spots.size) return [];
  const choice = make("select", { change: () => draw() }, heads.map((head) => make("option", { value: head }, head)));
  const frame = make("div", { class: "tabletop" });
  const px = 1000; // SVG units a metre; y of the robot points left when one looks along x
  const left = (y) => (TABLE.y[1] - y) * px;
  const top = (x) => (TABLE.x[1] - x) * px;
  const draw = () => {
    const shown = episodes.filter((e) => e.head === choice.value && spots.has(e.scene)).slice(0, 2000);
    const dots = shown.map((e) => {
      const [x, y] = spots.get(e.scene);
      const label = `scene ${e.scene}, seed ${e.seed}: ${e.reason.replaceAll("_", " ")} (x ${x.toFixed(3)} m, y ${y.toFixed(3)} m)`;
      const shape = e.success
        ? make("circle", { class: "yes", cx: left(y), cy: top(x), r: 5 })
        : make("path", { class: "no", d: `M${left(y) - 5} ${top(x) - 5}l10 10m0-10l-10 10` });
      const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
      link.setAttribute("href", episodeAddress(e));
      link.setAttribute("aria-label", label);
      link.append(make("title", {}, label), make("circle", { class: "hit", cx: left(y), cy: top(x), r: 9 }), shape);
      return link;
    });
    const width = (TABLE.y[1] - TABLE.y[0]) * px;
    const height = (TABLE.x[1] - TABLE.x[0]) * px;
    frame.replaceChildren(
      make(
        "svg",
        { viewBox: `-4 -4 ${width + 8} ${height + 34}`, role: "group", "aria-label": `Object positions of ${choice.value}` },
        make("rect", { width, height, class: "table" }),
        make("text", { x: width / 2, y: height + 22, "text-anchor": "middle" }, "robot"),
        dots,
      ),
    );
  };
  draw();
  return [
    make("h2", {}, "Table top"),
    make("p", { class: "note" }, "Where the object stood, seen from above with the robot below: circle = success, cross = failure. ", make("label", {}, "Head ", choice)),
    frame,
  ];
}
