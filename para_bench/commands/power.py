"""`para-bench power`: how many scenes an experiment needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from para_bench.options import SHARE, Range
from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class Power:
    """How many scenes tell two success rates apart, by the exact test that `compare` uses for one training of each head."""

    baseline: Annotated[float, SHARE] = 0.6
    """Success rate of one head, in [0, 1]."""
    effect: Annotated[float, Range(-1, 1)] = 0.1
    """Difference to the other head's rate."""
    power: Annotated[float, Range(0, 1, within=True)] = 0.8
    """Probability with which the difference should be found."""
    family: Annotated[int, Range(1, 10_000)] = 1
    """Comparisons made at once."""

    def __call__(self) -> None:
        other = round(self.baseline + self.effect, 12)  # 0.7 + 0.3 is no more than 1
        if not 0 <= other <= 1 or not self.effect:
            raise ParaBenchError(f"--effect is {self.effect:g} from {self.baseline:g}; allowed: another rate in 0 to 1")

        from para_bench.report.statistics.power import plan

        scenes = plan(self.baseline, other, self.power, family=self.family)
        print(f"{scenes} scenes tell {self.baseline:g} from {other:g} with probability {self.power:g}")
