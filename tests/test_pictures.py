"""Pictures of the pages show what `para-bench view` draws today."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
GREY_LEVELS = 4.0
"""Mean difference that another renderer and the palette make, at most; a scene with other things differs by more."""


@pytest.mark.slow
def test_pictures_of_tasks_and_splits_are_up_to_date(tmp_path: Path) -> None:
    runpy.run_path(str(ROOT / "scripts/pictures.py"))["draw"](tmp_path)
    stale = []
    for drawn in sorted(tmp_path.iterdir()):
        now, then = (np.asarray(Image.open(path).convert("RGB"), float) for path in (drawn, ROOT / "docs/pictures" / drawn.name))
        if now.shape != then.shape or np.abs(now - then).mean() > GREY_LEVELS:
            stale.append(drawn.name)
    assert stale == [], "draw them anew: make pictures"
