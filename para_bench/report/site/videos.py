"""Which episodes have a video in the results folders, and copying those beside the pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from para_bench.files import file_name, writing
from para_bench.records import EpisodeKey, EpisodeRecord, episode_key
from para_bench.records.current import state_of
from para_bench.report.file_names import joined
from para_bench.report.site.episodes import SplitEpisodes


def video_name(record: EpisodeRecord) -> str:
    """The name under which `para-bench replay` keeps the video of an episode."""
    r = record
    words = (r.head, r.condition, r.level, state_of(r).short or "reference", f"s{r.train_seed}", f"scene{r.scene_index}")
    return joined(words) + ".mp4"


def find_videos(results: SplitEpisodes, folders: Iterable[Path]) -> dict[EpisodeKey, Path]:
    """Videos of the split's episodes. `para-bench run` films the first scene of a condition; its file names have no scene number."""
    files = {path.name: path for folder in folders for path in sorted((folder / "videos").glob("*.mp4")) if path.is_file()}
    found: dict[EpisodeKey, Path] = {}
    for condition in results.conditions if files else []:
        first = min(results.expected.indices(condition))
        for r in results.all(condition):
            names = [video_name(r)]
            if r.scene_index == first and r.train_seed == 0 and r.checkpoint_hash:
                names.append(joined((r.head, r.condition, r.level, state_of(r).short)) + ".mp4")
            path = next((files[name] for name in names if name in files), None)
            if path is not None:
                found[episode_key(r)] = path
    return found


def copy_videos(found: dict[EpisodeKey, Path], folder: str, out: Path) -> dict[EpisodeKey, str]:
    """Copy videos into a folder of `out`/videos; returns their paths below `out`."""
    addresses = {}
    for key, path in found.items():
        address = f"videos/{folder}/{file_name(path.stem)}.mp4"
        with writing(out / address) as partial:
            shutil.copy2(path, partial)
        addresses[key] = address
    return addresses
