"""docs/SPLITS.md, and the rows of it that `para-bench list` shows too."""

from __future__ import annotations

from para_bench.benchmarks.conditions import EACH, Split, TrainingSet
from para_bench.benchmarks.splits import split_row
from para_bench.benchmarks.versions import CURRENT, find_version

_MOST_LEVELS = 12
"""A factor with more levels is a map of cells."""


def splits_page(suite_version: int = CURRENT) -> str:
    """docs/SPLITS.md: every split of ours with its ranges, conditions and training sets."""
    version = find_version(suite_version)
    how, page = ("", "SPLITS") if suite_version == CURRENT else (f" --suite-version {suite_version}", f"SPLITS_{suite_version}")
    parts = [
        f"# Splits of suite version {suite_version}",
        f"In this version: {version.about}.",
        f"Written by `para-bench list{how} --out docs/{page}.md`. Every split is tested with its matched control too: the same scene "
        "indices without the shift (`id 0`). A released split is never altered; a change makes a new *revision* of it, "
        "which the heading then names.",
        "A *condition* is one kind of shift, *levels* are its sizes. *Trained on* names the set of demonstrations: `default` has one "
        "camera, one room and the whole area; others say what they have instead. Pictures of all splits: [concepts](CONCEPTS.md).",
    ]
    for split in (split_row(name, suite_version) for name in version.splits):
        parts.append(f"## {split_title(split)}\n\n{_sentences(split.about)}")
        rows = [f"| {condition} | {levels} | {training} |" for condition, levels, training in condition_rows(split)]
        parts.append("\n".join(["| condition | levels | trained on |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def split_title(split: Split) -> str:
    """Its name; the revision too where it is not the first. "Version" is the suite's word."""
    return split.name if split.version == 1 else f"{split.name} (revision {split.version})"


def condition_rows(split: Split) -> list[tuple[str, str, str]]:
    """Factor, its levels, and what was trained on; a factor whose training differs by level names the range."""
    levels: dict[str, list[str]] = {}
    trainings: dict[str, list[TrainingSet]] = {}
    for condition in split.all_conditions:
        levels.setdefault(condition.factor, []).append(condition.level)
        trainings.setdefault(condition.factor, []).append(split.training_of(condition))
    return [
        (
            factor,
            " ".join(found) if len(found) <= _MOST_LEVELS else f"{len(found)} cells, {found[0]} to {found[-1]}",
            _trained(trainings[factor]),
        )
        for factor, found in levels.items()
    ]


def _trained(sets: list[TrainingSet]) -> str:
    distinct = list(dict.fromkeys(sets))
    first, last = distinct[0], distinct[-1]
    if len(distinct) > 1 and first.name == last.name and first.demos != last.demos:
        return f"{first.name}, {first.demos} to {last.demos} demonstrations"
    return "; ".join(_describe(each) for each in distinct)


def _describe(training: TrainingSet) -> str:
    text = training.name + (f", {training.demos} demonstrations" if training.demos else "")
    for what in ("cameras", "rooms"):
        if (count := getattr(training, what)) == EACH:
            text += f", a {what[:-1]} of its own for each demonstration"
        elif count != 1:
            text += f", {count} {what}"
    text += f", video features {training.video}" if training.video else ""
    return text + (f", fine-tuned from {training.adapts.name}" if training.adapts else "")


def _sentences(text: str) -> str:
    """One for each part between semicolons."""
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in text.split("; "))
