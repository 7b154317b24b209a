"""Demonstrations that lie in a folder already: a person's cannot be made again, so no others are written over them."""

from __future__ import annotations

from pathlib import Path

from para_bench.data.store import Demonstrations, save
from para_bench.files import write_json
from para_bench.records.documents import read_json
from para_bench.types import ParaBenchError, to_dict

_META, _VIEWS = "meta.json", "views.json"


def save_apart(found: Demonstrations, folder: Path, suite_version: str) -> None:
    """Write demonstrations into a folder that holds none or the same; their views go beside them, earlier views away.

    Args:
        found: With views or without.
        folder: Made where it is missing.
        suite_version: Of the scenes.

    Raises:
        ParaBenchError: the folder holds other demonstrations, or cannot be written.
    """
    plain = Demonstrations(found.scenes, found.frames, found.stride)
    there = read_json(folder / _META, lambda meta: str(meta["hash"]), "as a command wrote it, or no file")
    if there not in (None, plain.hash):
        raise ParaBenchError(f"{folder} holds other demonstrations; allowed: another --out, or delete them first")
    save(plain, folder, suite_version)
    if found.views:
        write_json(folder / _VIEWS, to_dict(found.views))
    else:
        (folder / _VIEWS).unlink(missing_ok=True)
