"""Code in a Python process of its own: what a first picture, a fork or a crash does to a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(code: str, folder: Path, timeout_s: float = 120, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run `code` as a script; variables that are None are not set. Output and error stream are one."""
    script = folder / "script.py"
    script.write_text(code)
    inherited = {**os.environ, "PYOPENGL_PLATFORM": None}  # mujoco sets it in this process
    variables = {name: value for name, value in (inherited | environment).items() if value is not None}
    return subprocess.run(
        [sys.executable, str(script)], env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout_s
    )
