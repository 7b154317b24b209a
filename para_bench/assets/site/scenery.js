/* What is seen first of episodes: their videos; without one, pictures of the condition and where on the table the scene's object stands. */
"use strict";
function firstView(known, chunk, episodes, command) {
  const count = episodes.filter((e) => e.video).length;
  if (count) return [make("h2", {}, count > 1 ? "Videos" : "Video"), ...videoPanel(episodes)];
  const [first] = [...episodes].sort((a, b) => !a.checkpoint - !b.checkpoint);
  const own = chunks.episodes(chunk, (e) => e.head === first.head && e.seed === first.seed);
  return [
    make("h2", {}, "The scene"),
    make("div", { class: "scenery" }, picturesOf(known, chunk), spotMap(chunk, own, first)),
    make("p", { class: "note" }, "No video. ", needs(episodes), ...(command ? [": ", make("code", {}, command)] : ["."])),
  ];
}

/* What a replay lacks: records are often kept without the policies that made them. */
function needs(episodes) {
  const there = episodes.every((e) => !e.checkpoint || catalogue.checkpoints.includes(e.checkpoint));
  return there ? "A replay makes one; then build the site again" : "A replay makes one, but needs a checkpoint that these results do not hold";
}

/* The control and this condition, or another level of its factor. */
function picturesOf(known, chunk) {
  const own = known.pictures.filter((p) => p.condition === chunk.condition);
  const shown = [known.pictures[0], own.find((p) => p.level === chunk.level) ?? own[0]];
  return [...new Set(shown.filter(Boolean))].map(({ words: text, address: src, scene }) =>
    make("figure", {}, make("figcaption", {}, `${text}, scene ${scene}`), make("img", { src, alt: "", width: 160, height: 160 })),
  );
}

/* The table seen from above, with this scene marked among the others. */
function spotMap(chunk, episodes, chosen) {
  const drawn = tableTop(chunk, episodes, chosen);
  return drawn && make("figure", { class: "tabletop spot" }, make("figcaption", {}, `scene ${chosen.scene} on the table`, make("small", {}, `ringed; the others: ${chosen.head}, seed ${chosen.seed}, ✓ circle, ✗ cross`)), drawn);
}
