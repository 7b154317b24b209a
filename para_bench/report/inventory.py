"""Records in results folders, split by split, and which episodes were asked for: the input of every table and figure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from para_bench import records
from para_bench.records import EpisodeRecord, description
from para_bench.records.description import CONTROL, Description
from para_bench.records.documents import read_json
from para_bench.records.fields import FIELDS
from para_bench.records.values import MOST_SCENES, count, fields, listing
from para_bench.report.fairness.facts import Facts
from para_bench.report.layout import infer_scenes, inferred
from para_bench.report.mixed import refuse_mixed, refuse_versions
from para_bench.report.rollcall import call, newest
from para_bench.report.roster import Expected, Roster
from para_bench.text import meant
from para_bench.types import ParaBenchError

CONFIG = "config.json"
__all__ = ["CONFIG", "CONTROL", "Asked", "Describe", "SplitResults", "asked", "described", "take"]
Describe = Callable[[str, str], Description | None]
"""Split and suite version -> description of the split; None for an unknown one."""


@dataclass(frozen=True)
class Asked:
    """What the last run into a folder asked for, from the config.json beside the episodes."""

    split: str
    heads: tuple[str, ...]
    """Trained heads."""
    references: tuple[str, ...]
    seeds: tuple[int, ...]
    """Training seeds; in a packed folder, those that were packed."""
    episodes: int
    workers: int
    suite_version: str = "1"
    """Older runs do not state it and are of version 1."""


@dataclass(frozen=True)
class SplitResults:
    """The newest episodes of one split, complete or refused: `roster` raises where one is missing."""

    split: str
    records: list[EpisodeRecord]
    """Records of the newest checkpoint and code of each policy."""
    expected: Expected
    facts: Mapping[str, Facts] = field(default_factory=dict)
    """By checkpoint hash: the fairness record of each policy, as far as it is known."""

    @property
    def description(self) -> Description:
        return self.expected.description

    @cached_property
    def roster(self) -> Roster:
        return replace(call(self.records, self.expected), facts=self.facts)

    @property
    def learned(self) -> tuple[str, ...]:
        """Heads that were trained; the others are references, which see the simulator or nothing."""
        trained = {r.head for r in self.records if r.checkpoint_hash}
        return tuple(head for head in self.expected.seeds if head in trained)

    def only(self, heads: Collection[str]) -> SplitResults:
        """The same split with fewer heads."""
        unknown = [head for head in heads if head not in self.expected.seeds]
        if unknown:
            allowed = ", ".join(self.expected.seeds) + meant(unknown[0], self.expected.seeds)
            raise ParaBenchError(f"no records of head {unknown[0]!r} in split {self.split}; allowed: {allowed}")
        return self._asked_of({head: seeds for head, seeds in self.expected.seeds.items() if head in heads})

    def of_seeds(self, training_seeds: Collection[int]) -> SplitResults:
        """The same split with fewer training seeds, all if none are named; references, which have none, stay."""
        seeds = dict(self.expected.seeds)
        for head in self.learned if training_seeds else ():
            if lost := set(training_seeds) - set(seeds[head]):
                allowed = ", ".join(map(str, seeds[head]))
                raise ParaBenchError(f"no records of training seed {min(lost)} of head {head} in split {self.split}; allowed: {allowed}")
            seeds[head] = sorted(set(training_seeds))
        return self._asked_of(seeds)

    def _asked_of(self, seeds: Mapping[str, Sequence[int]]) -> SplitResults:
        found = [r for r in self.records if r.train_seed in seeds.get(r.head, ())]
        return replace(self, records=found, expected=replace(self.expected, seeds=seeds))


def take(
    paths: Iterable[str | Path],
    splits: Collection[str] = (),
    heads: Collection[str] = (),
    describe: Describe | None = None,
    order: Sequence[str] = (),
) -> list[SplitResults]:
    """Splits found in files and below folders; all of them unless `splits` names some.

    Args:
        paths: episodes.jsonl files, or folders that hold some.
        splits: Which splits, in this order; empty for all.
        heads: Which heads; empty for all.
        describe: Describes splits whose folders have no split.json, and says what an older one does not; of splits that it does not
            know, `layout` infers the scenes.
        order: Trained heads in the order of rows; other trained ones follow as found, then references.

    Raises:
        ParaBenchError: no records, damaged lines, several suite versions, folders with other settings of one head, unknown names.
    """
    paths = [Path(path) for path in paths]
    files = [file for path in paths for file in records.files(path)]
    everything = records.read(*files, only_current=True)
    where = ", ".join(map(str, paths))
    if not everything:
        raise ParaBenchError(f"no episode records in {where}; allowed: a folder with the {records.FILE_NAME} of a run")
    folders = list(dict.fromkeys(file.parent for file in files))
    runs = [found for folder in folders if (found := asked(folder / CONFIG))]
    by_split: dict[str, list[EpisodeRecord]] = {}
    for record in everything:
        by_split.setdefault(record.split, []).append(record)
    unknown = [split for split in splits if split not in by_split]
    if unknown:
        raise ParaBenchError(f"no records of split {unknown[0]!r} in {where}; found: {', '.join(by_split)}{meant(unknown[0], by_split)}")
    chosen = list(dict.fromkeys(splits)) or list(by_split)
    refuse_versions((r for split in chosen for r in by_split[split]), files, where)
    version = by_split[chosen[0]][0].suite_version
    said = described(folders)
    found, abouts = [], dict[str, Description | None]()
    for split in chosen:
        today = describe(split, version) if describe else None
        abouts[split] = description.completed(said[split], today) if split in said else today
    wanted = [r for r in everything if r.split in abouts and (not heads or r.head in heads)]
    refuse_mixed(wanted, files, [split for split, about in abouts.items() if about and about.apart])
    for split, about in abouts.items():
        found.append(_results(split, by_split[split], [run for run in runs if run.split == split], about, order))
    return [result.only(heads) for result in found] if heads else found


def described(folders: Iterable[Path]) -> dict[str, Description]:
    """Descriptions of splits from split.json; of several folders of one split the last counts.

    Raises:
        ParaBenchError: a damaged file, or two that disagree on what was tested.
    """
    found: dict[str, tuple[Description, Path]] = {}
    for folder in folders:
        said = description.read(folder)
        if said is None:
            continue
        before, place = found.get(said.split, (said, folder))
        for name in ("suite_version", "version", "task", "robot", "conditions"):
            if getattr(before, name) != getattr(said, name):
                raise ParaBenchError(
                    f"{place / description.FILE_NAME} and {folder / description.FILE_NAME} differ in {name} of split {said.split}; "
                    "allowed: the same, or one of the folders"
                )
        found[said.split] = (said, folder)
    return {split: said for split, (said, _) in found.items()}


def _results(split: str, found: list[EpisodeRecord], runs: list[Asked], said: Description | None, order: Sequence[str]) -> SplitResults:
    every, found = found, newest(found, (split,) if said and said.apart else ())
    stages = said.stages if said else ()
    if stages and (odd := next((r.stage for r in found if r.stage not in stages), None)):
        raise ParaBenchError(f"a record of split {split} has stage {odd!r}; allowed by its {description.FILE_NAME}: {', '.join(stages)}")
    seeds: dict[str, set[int]] = {}
    for run in runs:
        for head in run.heads:
            seeds.setdefault(head, set()).update(run.seeds)
    for r in found:
        seeds.setdefault(r.head, set()).add(r.train_seed)
    references = {r.head for r in found if not r.checkpoint_hash}
    ranked = sorted(seeds, key=lambda head: (head in references, order.index(head) if head in order else len(order)))
    episodes = max([run.episodes for run in runs] + [1 + r.scene_index for r in found])
    conditions = dict.fromkeys((r.condition, r.level) for r in every)  # one that only an older checkpoint was tested in counts as missing
    scenes = infer_scenes(found, conditions, episodes, said.scenes(episodes) if said else {})
    return SplitResults(split, found, Expected({head: sorted(seeds[head]) for head in ranked}, scenes, said or inferred(split, scenes)))


def asked(path: Path) -> Asked | None:
    """Read a run's configuration; None where there is none.

    Raises:
        ParaBenchError: it is damaged.
    """
    return read_json(path, _asked, "the configuration of a run, or no file")


_PROFILE = fields(
    {"seeds": count(MOST_SCENES), "episodes": count(MOST_SCENES), "demo_seeds": count(MOST_SCENES, least=1)}, defaults=("demo_seeds",)
)
_CONFIG = fields(
    {
        "split": FIELDS["split"],
        "heads": listing(FIELDS["head"]),
        "references": listing(FIELDS["head"]),
        "profile": _PROFILE,
        "train_seeds": listing(FIELDS["train_seed"]),
        "workers": count(least=1),
        "suite_version": count(least=1),
    },
    defaults=("references", "train_seeds", "workers", "suite_version"),
)


def _asked(value: Any) -> Asked:
    config = _CONFIG(value)
    references, profile = config.get("references", ()), config["profile"]
    heads = tuple(head for head in config["heads"] if head not in references)
    seeds = config.get("train_seeds", tuple(range(profile["seeds"] * profile.get("demo_seeds", 1))))
    version = str(config.get("suite_version", 1))
    return Asked(config["split"], heads, references, seeds, profile["episodes"], config.get("workers", 1), version)
