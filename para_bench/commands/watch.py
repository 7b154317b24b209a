"""`para-bench watch`: what running experiments have done, what they find so far, and how long they will take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional

REFRESH_S = 2.0


@dataclass(frozen=True)
class Watch:
    """Show the progress of running experiments, their rates so far, and the time left.

    Ctrl-C ends it, and not the experiments.
    """

    folder: Positional[Path] = Path("runs")
    """The --out of a run, or the folder of a split in it."""
    once: bool = False
    """Print the state once and end."""

    def __call__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        from para_bench.commands.parts.watched import Reader, frame

        reader = Reader(self.folder)
        if self.once:
            Console().print(frame(reader.progress()))
            return
        with Live(frame(reader.progress()), auto_refresh=False, vertical_overflow="visible") as live:
            while True:
                time.sleep(REFRESH_S)
                live.update(frame(reader.progress()), refresh=True)
