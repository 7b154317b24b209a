"""Hashes of our own sources, so that a result made by other code is made again instead of being mixed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path


def source_hash(names: Iterable[str]) -> str:
    """16 hex digits over the files and folders of the package named here."""
    root, digest = Path(str(resources.files("para_bench"))), hashlib.sha256()
    for name in names:
        for path in sorted((root / name).rglob("*")) if (root / name).is_dir() else [root / name]:
            if path.suffix in (".py", ".xml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
