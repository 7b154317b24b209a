"""The probe of what draws here, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fresh_process import run

from para_bench.envs.probe import IMAGE_PX, probe


@pytest.mark.integration
def test_it_names_the_renderer_and_its_rate() -> None:
    found = probe()
    assert found["renderer"] not in ("", "?")
    assert found["version"][0].isdigit()
    assert (found["image_px"], found["images_per_cpu_s"] > 0) == (IMAGE_PX, True)


@pytest.mark.integration
def test_as_a_process_it_prints_json_last(tmp_path: Path) -> None:
    done = run("import runpy; runpy.run_module('para_bench.envs.probe', run_name='__main__')", tmp_path)
    assert json.loads(done.stdout.splitlines()[-1]).keys() == probe().keys()
