"""Results folders of several machines as one: checked to belong together first, then written whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from para_bench import records
from para_bench.benchmarks.searched import OWN_TABLE
from para_bench.execution.copies import copied, mergeable, packed, table_of
from para_bench.files import make_folder, write_bytes, write_json, write_text
from para_bench.provenance import differences, newer
from para_bench.records import EpisodeRecord, current, description, jsonl
from para_bench.records.documents import read_json
from para_bench.records.values import table
from para_bench.report.fairness import policies as fairness
from para_bench.report.inventory import CONFIG, asked
from para_bench.rollouts.history import FILE_NAME as STATE
from para_bench.rollouts.history import PACKAGES
from para_bench.types import ParaBenchError

MACHINE = ("workers", "out", "device", "videos")
"""Settings of config.json that say where work was done, and change no result; the device that `auto` found is compared apart."""
TOGETHER = "allowed: shards of one command, of one version of para-bench"


class MergedSplit(NamedTuple):
    split: str
    episodes: int
    """Of its current policies; older ones are written too, and count for nothing."""
    expected: int
    """Episodes of the whole plan."""


class _Split(NamedTuple):
    """What is written of one split."""

    config: Mapping[str, Any]
    state: Mapping[str, Any]
    said: description.Description
    states: Mapping[current.Place, current.State]
    found: list[EpisodeRecord]
    """In order, those of older policies too."""
    facts: list[fairness.PolicyFacts]

    @property
    def done(self) -> int:
        """Episodes of the current policies."""
        wanted = {(*place, state) for place, state in self.states.items()}
        return len(
            {
                (r.head, r.train_seed, r.condition, r.level, r.scene_index)
                for r in self.found
                if (r.head, r.train_seed, r.condition, r.level, current.state_of(r)) in wanted
            }
        )


def merge(sources: Sequence[Path], out: Path) -> list[MergedSplit]:
    """Write one folder with the records, policies, demonstrations and table of searches of all.

    Raises:
        ParaBenchError: a folder without results, a damaged one, two that do not belong together (says where and in what they differ),
            or an `out` that holds something.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ParaBenchError(f"--out {out} is there already; allowed: a new or an empty folder")
    folders: dict[str, list[Path]] = {}
    for source in dict.fromkeys(sources):
        here = sorted(path.parent for path in source.glob(f"*/{records.FILE_NAME}"))
        if not here:
            raise ParaBenchError(f"no SPLIT/{records.FILE_NAME} in {source}; allowed: the --out of a run or suite with --shard, not packed")
        for folder in here:
            folders.setdefault(folder.name, []).append(folder)
    splits = {name: _merged(found) for name, found in folders.items()}
    copies, searches = mergeable(sources), table_of(sources)
    partial = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        for name, split in splits.items():
            _write(make_folder(partial / name), split)
        for name, folder in copies.items():
            copied(packed(folder), partial / name)
        if searches:
            write_bytes(partial / OWN_TABLE, searches)
        if out.exists():
            out.rmdir()
        partial.replace(out)
    except OSError as error:
        raise ParaBenchError(f"cannot write {out} ({error.strerror}); allowed: a folder you may write to, on a disk with room") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return [MergedSplit(name, split.done, _expected(out / name, split.said)) for name, split in splits.items()]


def _merged(folders: Sequence[Path]) -> _Split:
    configs = _same(folders, CONFIG, lambda found: {name: value for name, value in found.items() if name not in MACHINE})
    states = _same(folders, STATE, lambda found: {name: value for name, value in found.items() if name not in ("policies", PACKAGES)})
    _refuse_other_packages(dict(zip(folders, states, strict=True)))
    _same(folders, description.FILE_NAME, dict)
    said = description.read(folders[0])
    assert said is not None  # `_same` has read it
    places: dict[current.Place, tuple[current.State, Path]] = {}
    for folder in folders:
        for place, state in current.read(folder).items():
            before, where = places.setdefault(place, (state, folder))
            if before != state:
                raise ParaBenchError(
                    f"{where} and {folder} do not belong together: the policy of {' '.join(map(str, place))} is {' '.join(before)} "
                    f"and {' '.join(state)}; {TOGETHER}"
                )
    policies = {digest: state for found in states for digest, state in found.get("policies", {}).items()}
    ranks = {condition.key: rank for rank, condition in enumerate(said.conditions)}
    last = len(ranks)  # rank of a condition that only an earlier version had
    found = records.read(*(folder / records.FILE_NAME for folder in folders))  # refuses contradictions
    found.sort(key=lambda r: (r.head, r.train_seed, r.scene_index, ranks.get((r.condition, r.level), last)))
    stated = {folder: fairness.read(folder / fairness.JSON) for folder in folders}
    _refuse_other_devices(stated)
    facts = {(row.head, row.seed, row.checkpoint): row for rows in stated.values() for row in rows}
    order = {head: rank for rank, head in enumerate(configs[0]["heads"])}
    rows = sorted(facts.values(), key=lambda row: (order.get(row.head, len(order)), row.seed))
    state = {**{name: value for name, value in states[0].items() if name != "policies"}, "policies": policies}
    return _Split(configs[0], state, said, {place: state for place, (state, _) in places.items()}, found, rows)


def _same(folders: Sequence[Path], name: str, part: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    """A file of each folder; their `part` must be the same in all."""
    found: list[dict[str, Any]] = []
    for folder in folders:
        value = read_json(folder / name, lambda value: dict(table(value)), "as a run wrote it")
        if value is None:
            raise ParaBenchError(f"there is no {folder / name}; allowed: the folder as `run` or `suite` left it")
        found.append(value)
        if differing := differences(part(found[0]), part(value)):
            raise ParaBenchError(f"{folders[0] / name} and {folder / name} do not belong together: {differing}; {TOGETHER}")
    return found


def _refuse_other_packages(states: Mapping[Path, Mapping[str, Any]]) -> None:
    """Raises ParaBenchError where two folders were run with other versions of a package that decides numbers."""
    told = [(folder, state[PACKAGES]) for folder, state in states.items() if PACKAGES in state]  # older ones do not say
    for folder, now in told[1:]:
        first, before = told[0]
        if other := newer(before, now):
            raise ParaBenchError(f"{first} and {folder} do not belong together: {other}; allowed: shards of one installation")


def _refuse_other_devices(stated: Mapping[Path, Sequence[fairness.PolicyFacts]]) -> None:
    """Raises ParaBenchError where policies of two folders were trained on different kinds of device."""
    kinds = {folder: kind for folder, rows in stated.items() if (kind := _devices(rows))}
    for folder, kind in kinds.items():
        first, usual = next(iter(kinds.items()))
        if kind != usual:
            raise ParaBenchError(
                f"{first} and {folder} do not belong together: trained on {usual} and on {kind}, whose weights differ in the last bits; "
                "allowed: shards of one --device"
            )


def _devices(rows: Sequence[fairness.PolicyFacts]) -> str:
    """ "cpu" or "cuda"; "cpu, cuda" where a training went on on another device; empty where nothing was trained."""
    found = {device for row in rows for device in str(row.facts.get("trained_on") or "").split(", then ") if device}
    return ", ".join(sorted({device.partition(":")[0] for device in found}))


def _write(folder: Path, split: _Split) -> None:
    write_json(folder / CONFIG, split.config)
    write_json(folder / STATE, split.state, indent=1)
    description.write(folder, split.said)
    write_text(folder / records.FILE_NAME, "".join(map(jsonl.line, split.found)))
    current.mark(folder, split.states)
    if split.facts:
        fairness.write(folder, split.facts)


def _expected(folder: Path, said: description.Description) -> int:
    """Episodes of the whole table that was asked for."""
    run = asked(folder / CONFIG)
    if run is None:
        return 0
    scenes = sum(len(indices) for indices in said.scenes(run.episodes).values())
    return scenes * (len(run.heads) * len(run.seeds) + len(run.references))
