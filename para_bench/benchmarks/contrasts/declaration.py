"""What a suite declares before its first episode: a family of contrasts between heads, and the words for above its table."""

from __future__ import annotations

from dataclasses import dataclass

from para_bench.types import content_hash


@dataclass(frozen=True)
class Pooled:
    """All levels of one factor of one split, without the level 0."""

    split: str
    factor: str

    def __str__(self) -> str:
        return self.split if self.factor in (self.split, "id") else f"{self.split} ({self.factor})"


@dataclass(frozen=True)
class Contrast:
    heads: tuple[str, str]
    """The difference is the first one's rate minus the second one's."""
    asks: str
    besides: str = ""
    """What differs between them beside the column; empty where nothing does."""


@dataclass(frozen=True)
class Declaration:
    """One family of tests: every contrast on every condition."""

    suite: str
    question: str
    measure: str
    test: str
    alpha: float
    """Probability of any false claim in the whole family (Holm)."""
    floor: float
    """Rate in distribution below which both heads of a contrast are marked instead of compared."""
    beside: str
    """What the table shows beside the tested measure, without a test."""
    columns: dict[str, tuple[str, ...]]
    """The factors and their values."""
    heads: dict[str, dict[str, str]]
    """By head, in the order of the rows: its value in each column."""
    conditions: tuple[Pooled, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def count(self) -> int:
        """Tests in the family."""
        return len(self.contrasts) * len(self.conditions)

    @property
    def splits(self) -> tuple[str, ...]:
        """Splits of the conditions, all of the default task: of other tasks nothing is declared."""
        return tuple(dict.fromkeys(pooled.split for pooled in self.conditions))

    @property
    def hash(self) -> str:
        """16 hex digits over all that is declared, comments apart."""
        return content_hash(self)

    def column(self, contrast: Contrast) -> str:
        """Name of the column in which its heads differ."""
        first, second = (self.heads[head] for head in contrast.heads)
        return next(name for name in self.columns if first[name] != second[name])

    def lines(self) -> tuple[str, ...]:
        """Plain text for above a table: what was declared, then one line a contrast."""
        where = ", ".join(map(str, self.conditions))
        pairs = (
            f"{first} - {second}: {self.column(contrast)}; {contrast.asks}"
            + (f" (besides: {contrast.besides})" if contrast.besides else "")
            for contrast in self.contrasts
            for first, second in [contrast.heads]
        )
        return (
            self.question,
            f"Declared beforehand ({self.hash}): {len(self.contrasts)} contrasts on {where}, one family of {self.count}, "
            f"Holm at {self.alpha:g}. {self.measure}; {self.test}.",
            f"A contrast whose heads both have less than {100 * self.floor:g} % on id is marked floor. Beside it: {self.beside}.",
            *pairs,
        )
