"""lerobot, an optional dependency: a part of it where it is installed, else an error of one line."""

from __future__ import annotations

import importlib
from typing import Any

from para_bench.types import ParaBenchError

NEEDED = "pip install 'para-bench[lerobot]' on Python 3.12"


def lerobot_part(module: str, name: str) -> Any:
    """An object of a module of lerobot, or of a package that comes with it.

    Raises:
        ParaBenchError: it cannot be imported here.
    """
    try:
        return getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise ParaBenchError(f"lerobot cannot be imported here ({error}); allowed: {NEEDED}") from None
