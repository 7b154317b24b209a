"""Renames scenes and demonstrations in records from the hashes of before 2026-11-26 to those of now, which are taken over rounded numbers.

    python scripts/rehash.py results/* runs/breadth

Every scene and every demonstration is made again, so that nothing is renamed that is not known by both names; needs a processor with
AVX-512 and NumPy below 2.5, where the old names come out again. Run once over results/; a second run finds nothing to rename.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np

from para_bench.benchmarks import SPLITS, find_split
from para_bench.benchmarks.scenes import test_scene, training_scene
from para_bench.data.store import Demonstrations, Frames
from para_bench.demonstrations import collect
from para_bench.report import baselines, parquet
from para_bench.types import EpisodeRecord, Scene, content_hash, from_dict, to_dict


def old_demonstrations_hash(found: Demonstrations) -> str:
    digest = hashlib.sha256(json.dumps([to_dict(scene) for scene in found.scenes], sort_keys=True).encode())
    for f in fields(found.frames):
        digest.update(np.round(getattr(found.frames, f.name), 6).tobytes())
    return digest.hexdigest()[:16]


@cache
def scene(split: str, condition: str, level: str, index: int) -> Scene:
    found = find_split(split)
    return test_scene(found, found.condition(condition, level), index)


def renamed(record: EpisodeRecord) -> EpisodeRecord:
    now = scene(record.split, record.condition, record.level, record.scene_index)
    if record.scene_hash not in (content_hash(now), now.hash):
        raise SystemExit(f"{record.split} {record.condition} {record.level} {record.scene_index} is {record.scene_hash}: unknown")
    return replace(record, scene_hash=now.hash)


def stored(folder: Path) -> Demonstrations:
    """What `save` wrote, without a look at the hash."""
    scenes = tuple(from_dict(Scene, json.loads(line)) for line in (folder / "scenes.jsonl").read_text().splitlines())
    with np.load(folder / "frames.npz") as arrays:
        return Demonstrations(scenes, Frames(**{f.name: arrays[f.name] for f in fields(Frames)}))


def demonstration_names(roots: list[Path]) -> dict[str, str]:
    """Old to new hash, of the demonstrations stored under `roots` and of all that the splits train on."""
    names = {}
    for path in [path.parent for root in roots for path in root.rglob("frames.npz")]:
        found = stored(path)
        names[old_demonstrations_hash(found)] = found.hash
    sets = {(training, training.count(20)) for name in SPLITS.builtin for training in find_split(name).trainings}
    for training, count in sorted(sets, key=str):
        found = collect([training_scene(training, i, 0, count) for i in range(count)])
        names[old_demonstrations_hash(found)] = found.hash
        print(training.name, count, old_demonstrations_hash(found), "->", found.hash, flush=True)
    return names


def main(roots: list[Path]) -> None:
    for path in [path for root in roots for path in root.rglob(parquet.FILE_NAME)]:
        found = parquet.read(path)
        new = [renamed(record) for record in found]
        if new != found:
            parquet.write(new, path)
        print(f"{path}: {sum(a != b for a, b in zip(found, new, strict=True))} of {len(found)} renamed", flush=True)
    for path in [path for root in roots for path in root.rglob("ci.json")]:
        baseline = baselines.read(path)
        sets = []
        for s in baseline.scenes:
            indices = [i for part in s.indices.split(",") for i in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)]
            scenes = [scene(s.split, s.condition, s.level, i) for i in indices]
            old, new = (
                baselines.scene_digest(zip(indices, names, strict=True))
                for names in ([content_hash(x) for x in scenes], [x.hash for x in scenes])
            )
            if s.digest not in (old, new):
                raise SystemExit(f"{path}: digest {s.digest} of {s.condition} {s.level} is unknown")
            sets.append(replace(s, digest=new))
        baselines.write(path, replace(baseline, scenes=tuple(sets)))
    names = demonstration_names([*roots, Path("runs")])
    for path in [path for root in roots for kind in ("json", "csv") for path in root.rglob(f"*.{kind}")]:
        text = path.read_text()
        new = re.sub(r"\b[0-9a-f]{16}\b", lambda match: names.get(match[0], match[0]), text)
        if new != text:
            path.write_text(new)
        for left in re.findall(r'demonstrations_hash": "([0-9a-f]{16})"', new):
            if left not in names.values():
                print(f"{path}: demonstrations {left} are unknown")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
