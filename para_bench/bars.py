"""Progress bars of long stages: on a terminal one line each, in a log one line when a stage is done and one a minute before."""

from __future__ import annotations

import io
import sys
from typing import Any

from tqdm import tqdm

TIDY = "{desc:<30.30} {percentage:3.0f} % |{bar:20}| {n_fmt}/{total_fmt}  {elapsed} so far, {remaining} to go{postfix}"
"""What a terminal shows, in less than 100 columns before the postfix."""
TRAINING = "train "
"""Prefix of the name of a stage that trains."""
EVERY_S = 60.0
"""Seconds between two lines of a long stage in a log."""


class Bar(tqdm):
    """tqdm's bar. Where stderr is no terminal it prints lines instead: one a minute, and on `close` the count and the time.

    A bar inside another one disappears from a terminal when it is done, and prints nothing to a log.
    """

    _is_made = False
    """False where an interrupt cut `__init__` off: such a bar has nothing to close."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Takes what tqdm takes."""
        self._logged, self._closing = not sys.stderr.isatty(), False
        quiet: dict[str, Any] = {"file": io.StringIO(), "mininterval": EVERY_S, "miniters": 1} if self._logged else {"bar_format": TIDY}
        super().__init__(*args, **{"leave": None, **options, **quiet})
        self._is_made = True

    def display(self, *args: Any, **options: Any) -> Any:
        """Prints a line to a log, except on the first call, which comes before anything is done."""
        if not self._logged:
            return super().display(*args, **options)
        if self.pos == 0 and self.initial < self.n and not self._closing:
            print(said(self.desc, self.n, self.total, self.unit, self.format_dict["elapsed"], ends=False), file=sys.stderr, flush=True)
        return True

    def close(self) -> None:
        """Prints the last line to a log, once; none for a stage with nothing to do."""
        if not self._is_made:
            return
        open_still = not self.disable
        outermost = open_still and self.pos == 0
        self._closing = True
        super().close()
        if open_still and outermost and self._logged and self.n > self.initial:
            print(said(self.desc, self.n, self.total, self.unit, self.format_dict["elapsed"]), file=sys.stderr, flush=True)


def said(stage: str, done: int, total: float | None, unit: str, seconds: float, ends: bool = True) -> str:
    """ "episodes novel_view: 3600 episodes in 4 min 12 s"; before the end: "episodes id: 900 of 3600 episodes after 1 min 0 s"."""
    unit = "step" if unit == "it" and stage.startswith(TRAINING) else unit  # the training loop, which is fingerprinted, names no unit
    last = done if not total or done >= total else total
    plural = "" if last == 1 else "es" if unit.endswith("ch") else "s"
    count = (f"{done}" if last == done else f"{done} of {last:.0f}") + ("" if unit == "it" else f" {unit}{plural}")
    return f"{stage.removesuffix(': ')}: {count} {'in' if ends else 'after'} {duration(seconds)}"


def duration(seconds: float) -> str:
    """ "3.2 s", "42 s", "4 min 12 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
