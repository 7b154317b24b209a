"""Curves of trainings that run, handed to a logger as they grow; whatever the logger does, the run goes on."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from para_bench.commands.follow.loggers import Logger, find_logger
from para_bench.plugins import reason
from para_bench.report.checkpoints import CONFIG, FOLDER
from para_bench.text import printable

CURVE, POLL_S = "curve.csv", 2.0


@contextmanager
def followed(name: str | None, out: Path) -> Iterator[None]:
    """Hand on what the curves below `out` gain within the block; None for no logger.

    Raises:
        ParaBenchError: there is no such logger, or it is not installed.
    """
    if name is None:
        yield
        return
    follower = Follower(find_logger(name, out), out)
    end = threading.Event()

    def follow() -> None:
        while not end.wait(POLL_S):
            follower.look()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        follower.look()
        follower.close()


class Follower:
    """What was handed on of each curve; trainings that were finished before are left alone."""

    def __init__(self, make: Callable[[str], Logger], out: Path) -> None:
        self._make, self._folder = make, out / FOLDER
        self._done: dict[str, int] = {path.parent.name: -1 for path in self._folder.glob(f"*/{CONFIG}")}
        self._loggers: dict[str, Logger] = {}
        self._failed = False

    def look(self) -> None:
        """Hand on what is new."""
        for path in sorted(self._folder.glob(f"*/{CURVE}")) if not self._failed else ():
            name = path.parent.name
            if self._done.get(name, 0) >= 0:
                self._try(lambda name=name, path=path: self._hand_on(name, path))

    def close(self) -> None:
        for logger in self._loggers.values():
            self._try(logger.close)

    def _hand_on(self, name: str, path: Path) -> None:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        before = self._done.get(name, 0)
        if len(rows) <= before:
            return
        if name not in self._loggers:
            self._loggers[name] = self._make(name)
        for row in rows[before:]:
            figures = {figure: float(value) for figure, value in row.items() if figure != "step" and value}
            self._loggers[name].log(int(row["step"]), figures)
        self._done[name] = len(rows)

    def _try(self, call: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            call()
        except Exception as error:  # whatever a logger's package raises: no network, a full disk, a changed interface
            self._failed = True
            tqdm.write(f"the logger failed and is left out from here on: {printable(reason(error, ''))}")
