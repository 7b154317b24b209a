"""One tiny run of another task than the usual one, which the tests of many commands read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from para_bench.commands.run import Run
from para_bench.options import MachineOptions, SizeOptions, TrainingOptions
from para_bench.records import EpisodeRecord
from para_bench.records.description import CONTROL

SPLIT = "stack.new_environment"


class TinyRun(NamedTuple):
    """What `Run` left and said."""

    out: Path
    said: str
    errors: str
    """What went to stderr: stages and their times."""

    @property
    def folder(self) -> Path:
        return self.out / SPLIT


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyRun]:
    """Two heads, hardly trained, with all references in one scene of each of two conditions. To be read only: tests share it."""
    root, said, errors = tmp_path_factory.mktemp("tiny"), io.StringIO(), io.StringIO()
    command = Run(
        ("para", "global_token"),
        "new_environment",
        task="stack",
        profile="smoke",
        size=SizeOptions(demos=1, episodes=1, steps=2, batch=2, copies=0),
        training=TrainingOptions(image_size=64),
        machine=MachineOptions(workers=1, out=root / "runs", device="cpu"),
        videos=False,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARA_BENCH_CACHE", str(root / "cache"))
        with redirect_stdout(said), redirect_stderr(errors):
            command()
        yield TinyRun(root / "runs", said.getvalue(), errors.getvalue())


@pytest.fixture
def results(tmp_path: Path, record: Callable[..., EpisodeRecord]) -> Callable[..., Path]:
    """Makes a results folder by hand: two scenes of `para` in distribution for every split that is named."""

    def make(*splits: str, **fields: Any) -> Path:
        from para_bench import records

        for split in splits:
            for scene in range(2):
                records.append(tmp_path / "runs" / split / records.FILE_NAME, record("para", CONTROL, scene, split=split, **fields))
        return tmp_path / "runs"

    return make
