"""A node with other code or another simulator than the driver's is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.execution.cluster.sameness import check_code, check_same, code_of, installed
from para_bench.provenance.closure import forget
from para_bench.rollouts.jobs import Job
from para_bench.types import ParaBenchError


def test_the_same_passes_and_what_differs_is_named() -> None:
    check_same(dict(installed()))
    own = dict(installed())
    assert len(own["para-bench"]) == 16
    with pytest.raises(ParaBenchError, match=rf"another installation than the driver's: mujoco 1\.0 -> {own['mujoco']}; allowed: the same"):
        check_same({**own, "mujoco": "1.0"})
    with pytest.raises(ParaBenchError, match=f"para-bench abc -> {own['para-bench']}"):
        check_same({**own, "para-bench": "abc"})


def test_a_node_with_another_copy_of_a_user_s_head_rolls_nothing_out(import_folder: Path) -> None:
    head = import_folder / "node_head.py"
    head.write_text("from para_bench.heads.base import Head\nclass Mine(Head):\n    shift = 0.0\n")
    job = Job("id", 2, "node_head:Mine", 0, Path("checkpoints/mine"), "lite0", 64, 0, (("id", "0"),))
    driver = code_of(job)
    assert list(driver) == ["plugin/node_head.py"]
    check_code(driver, job)
    head.write_text(head.read_text().replace("0.0", "0.4"))
    forget()  # as another process
    with pytest.raises(ParaBenchError, match=r"other code of node_head:Mine on id than the driver's: plugin/node_head.py changed"):
        check_code(driver, job)
    forget()


def test_rows_of_ours_have_no_code_of_others() -> None:
    assert code_of(Job("id", 2, "para", 0, Path("checkpoints/para"), "lite0", 64, 0, (("id", "0"),))) == {}
