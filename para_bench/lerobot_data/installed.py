"""lerobot, which is no dependency: a part of it where it is installed, one line where it is not."""

from __future__ import annotations

import importlib
from typing import Any

from para_bench.types import ParaBenchError

NEEDED = "pip install 'para-bench[lerobot]' on Python 3.12"


def lerobot_part(module: str, name: str) -> Any:
    """Something of lerobot, or of a package that comes with it.

    Raises:
        ParaBenchError: it cannot be imported here.
    """
    try:
        return getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise ParaBenchError(f"lerobot cannot be imported here ({error}); allowed: {NEEDED}") from None
