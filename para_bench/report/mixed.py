"""Refuses folders that do not belong into one report, and names the folder to give alone: two settings of one head, two suite versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from para_bench import records
from para_bench.records import EpisodeRecord
from para_bench.report.rollcall import newest
from para_bench.types import ParaBenchError

SETTINGS = {
    "replan_steps": "looks again after {} waypoints",
    "backbone": "reads backbone {}",
    "demos": "was trained on {} demonstrations",
    "demo_seed": "was trained on demonstration set {}",
    "checkpoint_hash": "is the training {}",
}
"""Fields that may differ between two runs of one head, in words. An older record that does not say one agrees with every value."""
Cell = tuple[str, str, int, str, str]
"""Split, head, training seed, condition, level."""


def refuse_mixed(found: Collection[EpisodeRecord], files: Iterable[Path], apart: Collection[str] = ()) -> None:
    """One head and training seed in two settings: a report would show one of them and not say which.

    Of a folder with several settings the newest policy counts, as everywhere; between folders nothing says which.

    Args:
        found: The records that a report takes.
        files: Where they lie.
        apart: Splits whose conditions have trainings of their own.

    Raises:
        ParaBenchError: two of the folders differ, with the setting and both folders.
    """
    folders: dict[Path, list[Path]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    if len(folders) < 2:
        return
    told = {(_cell(r), _settings(r)) for r in found}  # few, of many episodes
    for place, name in enumerate(SETTINGS):
        values: dict[Cell, set] = {}
        for cell, settings in told:
            if settings[place] is not None:
                values.setdefault(cell, set()).add(settings[place])
        if doubtful := {cell for cell, told in values.items() if len(told) > 1}:
            _refuse(name, doubtful, folders, apart)


def refuse_versions(found: Iterable[EpisodeRecord], files: Iterable[Path], where: str) -> None:
    """Records of two suite versions, of one split or of several.

    Raises:
        ParaBenchError: with the versions, and a folder that has one.
    """
    versions = {r.suite_version: r.split for r in found}
    if len(versions) < 2:
        return
    holds = {version: file.parent for file in files for version in {r.suite_version for r in records.read(file)} if version in versions}
    (_, other), (version, folder) = sorted(holds.items())[-2:]
    alone = "" if folder == other else f", as {top(folder, other)} alone, which has {version}"
    named = ", ".join(f"{version} (split {split})" for version, split in sorted(versions.items()))
    raise ParaBenchError(f"{where} mixes suite versions {named}; allowed: one, since their scenes differ{alone}")


def top(folder: Path, other: Path) -> Path:
    """The folder, or the highest one above it that does not hold the other: "results/factorial" for results/factorial/id."""
    return next((above for above in reversed(folder.parents) if above not in (other, *other.parents)), folder)


def _refuse(name: str, doubtful: Collection[Cell], folders: Mapping[Path, Sequence[Path]], apart: Collection[str]) -> None:
    first: dict[Cell, tuple[object, Path]] = {}
    for folder, files in folders.items():
        for r in newest(records.read(*files, only_current=True), apart):
            if _cell(r) in doubtful and (value := getattr(r, name)) is not None:
                before, place = first.setdefault(_cell(r), (value, folder))
                if before != value:
                    said = SETTINGS[name]
                    raise ParaBenchError(
                        f"head {r.head}, training seed {r.train_seed}, split {r.split} {said.format(before)} in {place} and "
                        f"{said.format(value)} in {folder}; allowed: folders that agree, as {top(folder, place)} alone"
                    )


_cell: Callable[[EpisodeRecord], Cell] = attrgetter("split", "head", "train_seed", "condition", "level")
_settings: Callable[[EpisodeRecord], tuple] = attrgetter(*SETTINGS)
