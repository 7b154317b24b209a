"""What importing the package does to a process."""

from __future__ import annotations

from pathlib import Path

import pytest
from fresh_process import run

INLINE = "module://matplotlib_inline.backend_inline"
"""What every notebook's shell exports; the package is in the kernel's environment alone."""
FIGURE = """
import para_bench.report.figures, para_bench.replays.video, os
from matplotlib.figure import Figure
Figure().savefig("{path}")
print(os.environ["MPLBACKEND"])
"""


@pytest.mark.integration
@pytest.mark.parametrize(
    ("given", "used"),
    [("module://nowhere_inline.backend_inline", "agg"), (INLINE, None), ("svg", "svg"), ("module://matplotlib.backends.backend_pdf", None)],
)
def test_figures_are_drawn_in_a_notebooks_shell(tmp_path: Path, given: str, used: str | None) -> None:
    ended = run(FIGURE.replace("{path}", str(tmp_path / "figure.png")), tmp_path, MPLBACKEND=given)
    assert ended.returncode == 0, ended.stdout[-1000:]
    assert (tmp_path / "figure.png").exists()
    assert ended.stdout.split()[-1] == used or (used is None and ended.stdout.split()[-1] in (given, "agg"))
