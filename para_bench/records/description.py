"""split.json: what `run` says beside episodes of the split that they belong to, so that a report needs to know no split by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from para_bench.files import write_json
from para_bench.records import values
from para_bench.records.documents import read_json
from para_bench.records.factors import Axis, Factor
from para_bench.records.fields import FIELDS
from para_bench.records.values import WrongValueError, count, fields, flag, listing, name, number, one_of

FILE_NAME = "split.json"
FORMAT = 1
CONTROL = ("id", "0")
"""The matched in-distribution control of every split, where nothing else is said."""


@dataclass(frozen=True)
class ConditionFacts:
    """A condition: which scenes it is tested on, and whether its policy is its own."""

    factor: str
    level: str
    share: tuple[int, int] = (0, 1)
    """(offset, stride): the scene indices i with i % stride == offset, for maps of many cells."""
    own_training: bool = False
    """Whether its policy was trained on other demonstrations than the control's."""

    @property
    def key(self) -> tuple[str, str]:
        return self.factor, self.level

    def indices(self, episodes: int) -> range:
        """Scene indices below `episodes`."""
        return range(self.share[0], episodes, self.share[1])


@dataclass(frozen=True)
class Description:
    """What a split is. One about which nothing is known has a name alone."""

    split: str
    version: int = 1
    suite_version: str = "1"
    """Older files are of this one and do not say so."""
    about: str = ""
    """One line on what it trains and tests on."""
    task: str = "place"
    robot: str = "so101"
    control: tuple[str, str] = CONTROL
    stages: tuple[str, ...] = ()
    """Of the task, from nothing done to success."""
    reasons: tuple[str, ...] = ()
    """For which an episode of the task may fail, in the order of the task."""
    seen_renderer: tuple[str, ...] = ()
    """Backbones whose weights were trained on images of this simulator; captions say so."""
    factors: tuple[Factor, ...] = ()
    """Those of which there is more to say than their name."""
    conditions: tuple[ConditionFacts, ...] = ()
    """The control first, then in the order of rows; none where the split is not known."""

    @cached_property
    def apart(self) -> bool:
        """Whether conditions may have checkpoints of their own. Else one head and training seed is one checkpoint in all conditions."""
        return any(condition.own_training for condition in self.conditions)

    @cached_property
    def _factors(self) -> Mapping[str, Factor]:
        return {factor.name: factor for factor in self.factors}

    def factor(self, name: str) -> Factor:
        """Plain rows where nothing is said."""
        return self._factors.get(name) or Factor(name)

    @property
    def maps(self) -> tuple[str, ...]:
        """Factors whose many levels are cells of a map: one row of a table."""
        return tuple(factor.name for factor in self.factors if factor.kind == "map")

    def scenes(self, episodes: int) -> dict[tuple[str, str], range]:
        """Scene indices of each condition that is tested with so many episodes."""
        return {condition.key: indices for condition in self.conditions if (indices := condition.indices(episodes))}


def read(folder: Path) -> Description | None:
    """What `write` wrote; None where there is no file.

    Raises:
        ParaBenchError: the file is damaged.
    """
    return read_json(folder / FILE_NAME, _description, "as a run wrote it, or no file")


def check(description: Description) -> None:
    """Raises WrongValueError for one that could not be read again."""
    _description({"format": FORMAT, **asdict(description)})


def write(folder: Path, description: Description) -> None:
    """Raises ParaBenchError where the file cannot be written."""
    write_json(folder / FILE_NAME, {"format": FORMAT, **asdict(description)}, indent=1)


def completed(said: Description, today: Description | None) -> Description:
    """A file with today's line on the split, and with fields of its factors that it is too old for, where today's is of the same split."""
    if today is None or any(getattr(today, part) != getattr(said, part) for part in ("split", "suite_version", "version", "conditions")):
        return said
    own = [
        replace(factor, control_at=factor.control_at or now.control_at, level_words=factor.level_words or now.level_words)
        for factor in said.factors
        for now in (today.factor(factor.name),)
    ]
    named = {factor.name for factor in own}
    return replace(said, about=today.about or said.about, factors=(*own, *(factor for factor in today.factors if factor.name not in named)))


_AXIS = fields({"title": values.text, "low": number(), "high": number()})
_FACTOR = fields(
    {
        "name": FIELDS["condition"],
        "kind": one_of("rows", "curve", "map"),
        "title": values.text,
        "unit": values.text,
        "pooled": flag,
        "logarithmic": flag,
        "figure": values.name_or_empty,
        "moves_object": flag,
        "axes": listing(lambda value: Axis(**_AXIS(value))),
        "control_at": number(),
        "level_words": values.mapping(values.text),
    },
    defaults=("control_at", "level_words"),
)
_CONDITION = fields(
    {
        "factor": FIELDS["condition"],
        "level": FIELDS["level"],
        "share": listing(count(values.MOST_SCENES)),
        "own_training": flag,
    }
)
_FILE = fields(
    {
        "format": one_of(FORMAT),
        "split": FIELDS["split"],
        "version": count(),
        "suite_version": FIELDS["suite_version"],
        "about": values.text,
        "task": FIELDS["task"],
        "robot": FIELDS["robot"],
        "control": listing(name),
        **dict.fromkeys(("stages", "reasons", "seen_renderer"), listing(name)),
        "factors": listing(lambda value: Factor(**_FACTOR(value))),
        "conditions": listing(lambda value: ConditionFacts(**_CONDITION(value))),
    },
    defaults=("suite_version",),
)


def _description(value: Any) -> Description:
    found = _FILE(value)
    found.pop("format")
    description = Description(**found)
    keys = [condition.key for condition in description.conditions]
    _refuse_twice("conditions", keys)
    _refuse_twice("factors", [factor.name for factor in description.factors])
    if len(description.control) != 2 or (keys and description.control not in keys):
        raise WrongValueError(str(description.control), "one of the conditions", "control")
    for condition in description.conditions:
        if len(condition.share) != 2 or not condition.share[0] < condition.share[1]:
            raise WrongValueError(str(condition.share), "offset and stride, the offset below the stride", "share")
    return description


def _refuse_twice(where: str, names: Collection[Any]) -> None:
    if len(set(names)) != len(names):
        raise WrongValueError("with a name twice", "each once", where)
