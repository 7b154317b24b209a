/* Rollout videos side by side, moved by one slider. Nothing is loaded before the button is pressed. */
"use strict";
function videoPanel(episodes) {
  const filmed = episodes.filter((e) => e.video);
  const box = make("div", { class: "videos" });
  const name = (e) => `${e.head}${episodes.some((o) => o.head === e.head && o.seed !== e.seed) ? ` s${e.seed}` : ""}`;
  const load = make("button", { type: "button", class: "load", click: () => box.replaceChildren(...player(filmed, name)) }, `Load ${filmed.length === 1 ? "the video" : `${filmed.length} videos`}`);
  box.append(load, make("p", { class: "note" }, filmed.map(name).join(", ")));
  return [box];
}

function player(episodes, name) {
  const films = episodes.map((e) => make("video", { src: e.video, muted: true, playsinline: true, preload: "auto", "aria-label": `${name(e)}: ${e.reason}` }));
  const slider = make("input", { type: "range", min: 0, max: 1, step: 0.05, value: 0, "aria-label": "Time of all videos in seconds", input: () => seek() });
  const clock = make("output", {}, "0.0 s");
  const play = make("button", { type: "button", "aria-label": "Play", click: () => toggle() }, "▶");
  let started = null; // performance.now() at which the shown time was 0
  const seek = () => {
    const time = Number(slider.value);
    clock.textContent = `${time.toFixed(1)} s`;
    for (const film of films) {
      const to = Math.min(time, Math.max(0, (film.duration || 0) - 0.01)); // a shorter episode waits at its end
      if (Math.abs(film.currentTime - to) > 0.01) film.currentTime = to;
    }
  };
  const set = (playing) => {
    started = playing ? performance.now() - 1000 * Number(slider.value) : null;
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    if (playing) requestAnimationFrame(tick);
  };
  const toggle = () => {
    if (started === null && Number(slider.value) >= Number(slider.max)) slider.value = 0;
    set(started === null);
  };
  const tick = () => {
    if (started === null) return;
    slider.value = Math.min((performance.now() - started) / 1000, Number(slider.max));
    seek();
    if (Number(slider.value) >= Number(slider.max)) set(false);
    else requestAnimationFrame(tick);
  };
  slider.addEventListener("pointerdown", () => set(false));
  for (const film of films) {
    film.muted = true;
    film.addEventListener("loadedmetadata", () => {
      slider.max = Math.max(...films.map((f) => f.duration || 0));
    });
    film.addEventListener("error", () => film.replaceWith(make("p", { class: "error" }, "This browser cannot play the video.")));
  }
  const figure = (e, i) => make("figure", {}, make("figcaption", {}, swatch(e.head), `${name(e)} `, mark(e), ` ${words(e.reason)}`), films[i]);
  return [make("div", { class: "films" }, episodes.map(figure)), make("p", { class: "scrubber" }, play, slider, clock)];
}
