"""The trained policies in records, with their known facts: from fairness.json of a run, else from its checkpoints."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from para_bench import records
from para_bench.files import write_json, write_text
from para_bench.records import EpisodeRecord
from para_bench.records.documents import read_json
from para_bench.records.fields import FIELDS
from para_bench.records.values import fields, listing
from para_bench.report.checkpoints import find_folders
from para_bench.report.fairness.checkpoint import About, checkpoint_facts
from para_bench.report.fairness.facts import FACTS, Facts, checked, show
from para_bench.text import csv_cell
from para_bench.types import to_dict

JSON, CSV = "fairness.json", "fairness.csv"


@dataclass(frozen=True)
class PolicyFacts:
    """One trained policy."""

    head: str
    seed: int
    """Training seed."""
    checkpoint: str
    """Hash of its weights, as records carry it."""
    splits: tuple[str, ...]
    """Splits that it was tested on."""
    facts: Facts = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A fact, or UNKNOWN."""
        return show(name, self.facts.get(name))


def known(paths: Iterable[str | Path], heads: Mapping[str, About]) -> dict[str, Facts]:
    """Checkpoint hash -> facts, of all results in `paths`."""
    paths = [Path(path) for path in paths]
    found = {digest: checkpoint_facts(folder, heads) for digest, folder in find_folders(paths).items()}
    for path in paths:
        for file in records.files(path):
            for policy in read(file.with_name(JSON)):  # the run's own statement has precedence
                found[policy.checkpoint] = {**found.get(policy.checkpoint, {}), **policy.facts}
    return found


def policies(
    found: Iterable[EpisodeRecord], facts: Mapping[str, Facts], order: Sequence[str] = (), heads: Mapping[str, About] | None = None
) -> list[PolicyFacts]:
    """Every learned policy among the records, heads in `order` and then as found.

    Where no facts are known, backbone and demonstrations are taken from the records, and what each head sees from `heads`.
    """
    splits: dict[tuple[str, int, str], dict[str, None]] = {}
    told: dict[tuple[str, int, str], Facts] = {}
    for r in found:
        if r.checkpoint_hash:
            key = (r.head, r.train_seed, r.checkpoint_hash)
            splits.setdefault(key, {})[r.split] = None
            if key not in told:
                sees = {"sees": heads[r.head].sees} if heads and r.head in heads else {}
                trained_here = {"backbone": r.backbone, "demonstrations": r.demos} if r.backbone else {}  # a policy of others has neither
                told[key] = {**sees, **trained_here}
    ranks = {head: rank for rank, head in enumerate(dict.fromkeys((*order, *(head for head, _, _ in splits))))}
    rows = [PolicyFacts(*key, tuple(names), {**told[key], **facts.get(key[2], {})}) for key, names in splits.items()]
    return sorted(rows, key=lambda policy: (ranks[policy.head], policy.seed))


def read(path: Path) -> list[PolicyFacts]:
    """Policies that `write` wrote; none where there is no file.

    Raises:
        ParaBenchError: the file is damaged.
    """
    return read_json(path, lambda value: list(_FILE(value)["policies"]), "as `para-bench run` wrote it, or no file") or []


def write(folder: Path, made: Sequence[PolicyFacts]) -> None:
    """Write facts into a results folder; those of other heads and training seeds stay."""
    ours = {(policy.head, policy.seed) for policy in made}
    rows = [*(policy for policy in read(folder / JSON) if (policy.head, policy.seed) not in ours), *made]
    write_json(folder / JSON, {"policies": to_dict(rows)}, indent=1)
    write_text(folder / CSV, to_csv(rows))


def to_csv(rows: Sequence[PolicyFacts]) -> str:
    """One policy a line, every fact."""
    text = io.StringIO()
    write_row = csv.writer(text, lineterminator="\n").writerow
    write_row(["head", "train_seed", "checkpoint", "splits", *FACTS])
    for p in rows:
        write_row(map(csv_cell, (p.head, str(p.seed), p.checkpoint, " ".join(p.splits), *(plain(p, name) for name in FACTS))))
    return text.getvalue()


_POLICY = fields(
    {
        "head": FIELDS["head"],
        "seed": FIELDS["train_seed"],
        "checkpoint": FIELDS["checkpoint_hash"],
        "splits": listing(FIELDS["split"]),
        "facts": checked,
    }
)
_FILE = fields({"policies": listing(lambda value: PolicyFacts(**_POLICY(value)))})


def plain(policy: PolicyFacts, name: str) -> str:
    """A fact for a file: numbers whole, UNKNOWN where it is not known."""
    value = policy.facts.get(name)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else policy.text(name)
