"""`para-bench watch`: one frame of what is done, or the reason why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.commands.watch import Watch
from para_bench.types import ParaBenchError


@pytest.mark.integration
@pytest.mark.parametrize("below", [True, False])
def test_one_frame_of_a_run_or_of_its_split(below: bool, tiny, capsys: pytest.CaptureFixture[str]) -> None:
    Watch(tiny.folder if below else tiny.out, once=True)()
    rows = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert "stack.new_environment" in rows
    assert rows["para"][1:3] == ["2/0/0", "2/2"]
    assert rows["oracle"][3] == "1/1"
    assert rows["all"][1:] == ["12/0/0", "12/12", "done"]


def test_without_an_experiment_the_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no experiment in .*; allowed: the --out of a run"):
        Watch(tmp_path, once=True)()
