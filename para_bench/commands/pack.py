"""`para-bench pack`: results folders into one that is small enough to keep and to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from para_bench.text import meant
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.records import EpisodeRecord


@dataclass(frozen=True)
class Pack:
    """Pack records into compressed Parquet files, to keep or to publish.

    Every other command reads them too. Append-only: what --out holds already stays. Checkpoints, videos and pictures are left behind.

    Example: para-bench pack runs --out results
    """

    results: Positional[tuple[Path, ...]]
    """Results folders: episodes.jsonl of runs, or episodes.parquet of packed records."""
    out: Path = Path("results")
    """Folder; each split gets a folder of its own in it."""
    heads: tuple[str, ...] = ()
    """Only these trained heads; all if not given. Tables refuse missing episodes, so pack a head when it is complete."""
    seeds: tuple[int, ...] = ()
    """Only these training seeds; all if not given."""

    def __call__(self) -> None:
        """Records that are in --out already stay there, and stay first."""
        from para_bench import records
        from para_bench.report.mixed import refuse_mixed

        files = [file for path in self.results for file in records.some_files(path)]
        folders = dict.fromkeys(file.parent for file in files)
        self._refuse_unknown([r for folder in folders for r in records.read(folder) if r.checkpoint_hash])
        for name in dict.fromkeys(folder.name for folder in folders):
            together = [file for file in files if file.parent.name == name]  # into one folder
            refuse_mixed([r for r in records.read(*together, only_current=True) if self._wanted(r)], together, apart=[name])
        for folder in folders:
            self._pack(folder, self.out / folder.name)

    def _pack(self, folder: Path, target: Path) -> None:
        """Records, configuration and fairness record of one split."""
        from para_bench import records
        from para_bench.files import make_folder, write_json
        from para_bench.records import current, description, parquet
        from para_bench.records.documents import parse_json, read_bytes
        from para_bench.report.fairness.policies import JSON, read, write
        from para_bench.report.inventory import CONFIG, asked

        known, said, _ = asked(folder / CONFIG), description.read(folder), current.read(folder)  # damage is told before anything is written
        make_folder(target)
        before = records.read(target)
        packed = before + [r for r in records.read(target, folder)[len(before) :] if self._wanted(r)]
        parquet.write(packed, target / parquet.FILE_NAME)
        (target / records.FILE_NAME).unlink(missing_ok=True)  # packed above
        current.carry(folder, target, [r for r in records.read(folder) if self._wanted(r)])
        if said:
            description.write(target, said)
        if known:
            config = parse_json(read_bytes(folder / CONFIG))
            config.pop("out", None)  # a path of the machine that ran it
            if self.heads:  # of those left out, nothing is missing
                config["heads"] = [head for head in config["heads"] if head in self.heads]
            if self.seeds:
                config["train_seeds"] = sorted(self.seeds)
            write_json(target / CONFIG, config)
        if (folder / JSON).exists() and folder.resolve() != target.resolve():
            write(target, read(folder / JSON))  # what is stated of other heads stays
        size = (target / parquet.FILE_NAME).stat().st_size / 1e6
        print(f"{target / parquet.FILE_NAME}: {len(packed)} episodes, {len(packed) - len(before)} new, {size:.2f} MB")

    def _refuse_unknown(self, trained: Sequence[EpisodeRecord]) -> None:
        for name, chosen, found in (
            ("--heads", self.heads, dict.fromkeys(r.head for r in trained)),
            ("--seeds", self.seeds, sorted({r.train_seed for r in trained})),
        ):
            if unknown := [value for value in chosen if value not in found]:
                there = [str(value) for value in found]
                raise ParaBenchError(f"{name} {unknown[0]}: no such records; found: {', '.join(there)}{meant(str(unknown[0]), there)}")

    def _wanted(self, record: EpisodeRecord) -> bool:
        """References belong to every choice."""
        return not record.checkpoint_hash or (
            (not self.heads or record.head in self.heads) and (not self.seeds or record.train_seed in self.seeds)
        )
