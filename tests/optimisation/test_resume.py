"""The state of an interrupted optimisation: continued where it is whole and its own, told in one line where it is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from para_bench.optimisation import loop
from para_bench.optimisation.loop import Problem, TrainConfig, optimise
from para_bench.types import ParaBenchError

CONFIG = TrainConfig(steps=6, warmup=2, evaluations=3)


class Cut(Exception):  # noqa: N818 (stands for kill -9)
    pass


@pytest.fixture(autouse=True)
def save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SAVE_SECONDS", -1)


def problem(cut_at: int | None = None, seen: list[int] | None = None, seed: int = 0) -> Problem[nn.Linear, Tensor]:
    torch.manual_seed(seed)  # any weights
    model = nn.Linear(3, 2)

    def batches(done: int) -> Iterator[Tensor]:
        for step in range(done, CONFIG.steps):
            if step == cut_at:
                raise Cut
            if seen is not None:
                seen.append(step)
            yield torch.randn(4, 3, generator=torch.Generator().manual_seed(step))

    groups = [{"params": list(model.parameters()), "peak": 1e-2}]
    return Problem(model, groups, batches, lambda x: model(x).square().mean(), lambda _: {"figure": 1.0}, averaged=True)


def run(folder: Path, decides: dict[str, Any] | None = None, **options: Any) -> dict[str, Tensor]:
    done = optimise(problem(**options), CONFIG, decides or {"seed": 0}, folder / "a.pt", folder / "a.csv", "", progress=False)
    return done.model.state_dict()


def cut(folder: Path) -> Path:
    with pytest.raises(Cut):
        run(folder, cut_at=4)
    return folder / "a.pt"


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, second[name]) for name, value in first.items())


def test_it_continues_to_the_same_weights_until_the_state_is_removed(tmp_path: Path) -> None:
    seen: list[int] = []
    whole, state = run(tmp_path / "whole"), cut(tmp_path)
    assert state.exists()
    (tmp_path / ".a.00000000.partial.pt").write_bytes(b"half of a state, killed while it was written")
    assert same(whole, run(tmp_path, seen=seen, seed=1))  # other fresh weights: all comes from the state
    assert seen == [4, 5]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.pt", "whole"]
    assert same(whole, run(tmp_path, seen=seen, seed=1))  # as where the weights could not be written
    assert seen == [4, 5]
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "whole/a.csv").read_bytes()


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        kept = torch.load(path, weights_only=True)
        change(kept)
        torch.save(kept, path)

    return damage


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(b"\x00" * 100),
    "text": lambda path: path.write_text("not a state\n"),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-300]),
    "cut to half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a tensor": lambda path: torch.save(torch.zeros(3), path),
    "a list": lambda path: torch.save([1, 2], path),
    "weights alone": lambda path: torch.save(nn.Linear(3, 2).state_dict(), path),
    "a part is missing": edited(lambda kept: kept.pop("optimiser")),
    "an older format": edited(lambda kept: kept.update(format=1)),
    "weights of another shape": edited(lambda kept: kept["model"].update(weight=torch.zeros(2, 4))),
    "weights of another type": edited(lambda kept: kept["model"].update(weight=torch.zeros(2, 3).double())),
    "weights that are not finite": edited(lambda kept: kept["average"].update(bias=torch.tensor([0.0, torch.nan]))),
    "a weight too many": edited(lambda kept: kept["model"].update(other=torch.zeros(2))),
    "weights that are a list": edited(lambda kept: kept.update(model=[1])),
    "no moments": edited(lambda kept: kept.update(optimiser={})),
    "a moment of another shape": edited(lambda kept: kept["optimiser"]["state"][0].update(exp_avg=torch.zeros(7))),
    "other settings of the optimiser": edited(lambda kept: kept["optimiser"]["param_groups"][0].update(betas="x")),
    "a step before the first": edited(lambda kept: kept["state"].update(step=-1)),
    "a step past the last": edited(lambda kept: kept["state"].update(step=7)),
    "a step in words": edited(lambda kept: kept["state"].update(step="4")),
    "rows that are no rows": edited(lambda kept: kept["state"].update(rows=[3])),
    "rows in words": edited(lambda kept: kept["state"].update(rows=[{"step": "x"}])),
    "seconds that are not finite": edited(lambda kept: kept["state"].update(seconds=torch.inf)),
    "an unknown field": edited(lambda kept: kept["state"].update(more=1)),
}


@pytest.mark.parametrize("name", list(DAMAGES))
def test_a_state_that_cannot_be_continued_is_told_and_started_afresh(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole, state, seen = run(tmp_path / "whole"), cut(tmp_path), []
    DAMAGES[name](state)
    assert same(whole, run(tmp_path, seen=seen))
    assert seen == list(range(CONFIG.steps))
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"{state} is not continued (")
    assert "\n" not in told


def test_a_state_of_other_settings_is_not_continued(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cut(tmp_path)
    seen: list[int] = []
    run(tmp_path, {"seed": 1}, seen=seen)
    assert seen == list(range(CONFIG.steps))
    assert "(of other settings); training starts afresh" in caplog.text


def test_a_path_that_is_no_file_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pt")  # opened, it would wait for ever
    with pytest.raises(ParaBenchError, match=r"a.pt is a pipe or a device; allowed: the state of an interrupted training"):
        run(tmp_path)


def test_a_full_disk_is_one_line_and_keeps_the_last_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = cut(tmp_path)
    before, real = state.read_bytes(), torch.save

    def full(kept: object, path: Path) -> None:
        real(kept, path)
        raise RuntimeError("[enforce fail at inline_container.cc:664] . PytorchStreamWriter failed writing file data/3: file write failed")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(ParaBenchError, match=r"^cannot write .*a.pt \(.*file write failed\)"):
        run(tmp_path)
    assert state.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.pt"]
