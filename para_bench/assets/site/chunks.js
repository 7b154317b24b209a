/* Data files. A page from disk may not fetch, so each file is a script that registers its value under its name. */
"use strict";
const chunks = {
  values: new Map(),
  loading: new Map(),

  /* Called by the data files. */
  register(name, value) {
    this.values.set(name, value);
  },

  /* The value of data/NAME.js, loaded once. */
  load(name) {
    if (this.values.has(name)) return Promise.resolve(this.values.get(name));
    if (!this.loading.has(name)) {
      this.loading.set(
        name,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = `data/${encodeURIComponent(name)}.js`;
          script.onload = () => resolve(this.values.get(name));
          script.onerror = () => reject(new Error(`data/${name}.js is missing from the site's folder`));
          document.head.append(script);
        }),
      );
    }
    return this.loading.get(name);
  },

  /* Row `i` of a condition's columns as an episode. */
  episode(chunk, i) {
    const c = chunk.columns;
    const extra = {};
    for (const name in c) if (name.startsWith("extra.")) extra[name.slice(6)] = c[name][i];
    return {
      split: chunk.split,
      condition: chunk.condition,
      level: chunk.level,
      ...chunk.policies[c.policy[i]],
      scene: chunk.scenes[c.scene[i]].index,
      scene_hash: chunk.scenes[c.scene[i]].hash,
      reason: chunk.reasons[c.reason[i]],
      stage: chunk.stages[c.stage[i]],
      success: c.success_at_end[i] === 1,
      success_once: c.success_once[i] === 1,
      steps: c.steps[i],
      seconds: c.seconds[i],
      sim_seconds: c.sim_seconds[i],
      grasp_error_m: c.grasp_error_m[i],
      place_error_m: c.place_error_m[i],
      extra,
      video: chunk.videos[i],
    };
  },

  /* All episodes of a condition that pass `keep`, in the order of the file: by head, training seed, scene. */
  episodes(chunk, keep = () => true) {
    const found = [];
    for (let i = 0; i < chunk.columns.policy.length; i++) {
      const episode = this.episode(chunk, i);
      if (keep(episode)) found.push(episode);
    }
    return found;
  },
};
