"""Cells as tasks: all of them, few at a time, with what they need; what fails is one line, after what had finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from para_bench.execution.cluster import tasks
from para_bench.execution.cluster.tasks import AHEAD, RETRIES, Tasks
from para_bench.types import ParaBenchError


def doubled(item: int, fetch: Any) -> int:
    if item == 13:
        raise ParaBenchError("found 13; allowed: other numbers")
    if item == 14:
        raise ZeroDivisionError("of 14")
    return 2 * item


def read(item: Any, fetch: Any) -> Any:
    return fetch(item.files)


def test_every_item_once_and_few_under_way(fake_ray: Any) -> None:
    found = dict(Tasks(fake_ray).results(doubled, range(12)))
    assert found == {item: 2 * item for item in range(12)}
    assert fake_ray.most_waiting == AHEAD * 2
    assert fake_ray.options == [{"num_cpus": 1, "num_gpus": 0, "max_retries": RETRIES, "retry_exceptions": False}]


def test_no_more_than_asked(fake_ray: Any) -> None:
    assert len(list(Tasks(fake_ray).results(doubled, range(12), gpus=1, most=3))) == 12
    assert fake_ray.most_waiting == 3
    assert fake_ray.options[0]["num_gpus"] == 1


def test_what_is_finished_comes_before_the_error(fake_ray: Any) -> None:
    results = Tasks(fake_ray).results(doubled, [1, 13, 2, 3])
    assert [next(results)[0] for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ParaBenchError, match=r"^node 10\.0\.0\.2: found 13; allowed: other numbers$"):
        next(results)


def test_other_errors_keep_their_trace(fake_ray: Any) -> None:
    with pytest.raises(RuntimeError, match="of 14"):
        list(Tasks(fake_ray).results(doubled, [14]))


def test_a_lost_task_is_one_line(fake_ray: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(ref: int) -> None:
        raise fake_ray.exceptions.RayError("the node died\nand more")

    monkeypatch.setattr(fake_ray, "get", lost)
    with pytest.raises(ParaBenchError, match=rf"the cluster lost a task {RETRIES + 1} times \(.*the node died\); the same command") as told:
        list(Tasks(fake_ray).results(doubled, [1]))
    assert "\n" not in str(told.value)


def test_a_node_of_another_installation_is_refused(fake_ray: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "installed", lambda: {"para-bench": "other"})
    with pytest.raises(ParaBenchError, match=r"^node 10\.0\.0\.2: another installation than the driver's: para-bench other -> "):
        list(Tasks(fake_ray).results(doubled, [1]))


def test_waiting_for_a_gpu_is_told_once(fake_ray: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    looks = iter([0, 0, 1])
    wait = fake_ray.wait

    def slow(refs: list[int], num_returns: int, timeout: float) -> tuple[list[int], list[int]]:
        if timeout and not next(looks):
            return [], refs
        return wait(refs, num_returns, timeout) if timeout else ([], refs)

    monkeypatch.setattr(fake_ray, "wait", slow)
    assert dict(Tasks(fake_ray).results(doubled, [1], gpus=1)) == {1: 2}
    assert capsys.readouterr().out.count("no node that is alive has a free GPU: waiting for one") == 1


def test_parcels_are_fetched_on_the_node(fake_ray: Any, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/meta.json").write_bytes(b"{}")
    there = Tasks(fake_ray)
    ((parcel, files),) = there.results(read, [there.parcel(tmp_path / "set", "demonstrations/set")])
    assert (parcel.name, len(parcel.digest), files) == ("demonstrations/set", 16, {"meta.json": b"{}"})
