"""Scripts under perf/, for tests of what they say."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

PERF = Path(__file__).parents[1] / "perf"


def script(name: str) -> SimpleNamespace:
    """What a script defines, by name."""
    return SimpleNamespace(**runpy.run_path(str(PERF / f"{name}.py")))
