"""Packages that driver and nodes must share in the same version, or records of one table would come from several programs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from para_bench.provenance import differences, versions
from para_bench.types import ParaBenchError

_FILES = (".py", ".xml", ".csv", ".json", ".safetensors")


@cache
def installed() -> Mapping[str, str]:
    """Version by package; for para-bench, 16 hex digits over its files."""
    root, found = Path(str(resources.files("para_bench"))), hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in _FILES):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(path.read_bytes())
    return {"para-bench": found.hexdigest()[:16], **versions()}


def check_same(driver: Mapping[str, str]) -> None:
    """Check on a node that it has what the driver has.

    Raises:
        ParaBenchError: it has not; says what differs.
    """
    if differing := differences(dict(driver), dict(installed())):
        raise ParaBenchError(f"another installation than the driver's: {differing}; allowed: the same on every node")
