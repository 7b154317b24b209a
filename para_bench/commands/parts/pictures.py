"""Many images in one, and the one file that they go into."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import imageio.v2 as imageio
import numpy as np

from para_bench.files import writing
from para_bench.types import ParaBenchError

MAX_PIXELS = 400_000_000
"""Of one picture: 1.2 GB in memory, and about what viewers open."""


def contact_sheet(images: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Images (H, W, 3) uint8 in rows of `columns`, white where the last row is not full."""
    height, width, _ = images[0].shape
    rows = -(-len(images) // columns)
    sheet = np.full((rows * (height + 2), columns * (width + 2), 3), 255, np.uint8)
    for i, image in enumerate(images):
        top, left = (i // columns) * (height + 2), (i % columns) * (width + 2)
        sheet[top : top + height, left : left + width] = image
    return sheet


def check_sheet(rows: int, columns: int, side: int) -> None:
    """Raises ParaBenchError for a contact sheet that would not fit into one picture."""
    if (size := rows * columns * (side + 2) ** 2) > MAX_PIXELS:
        raise ParaBenchError(f"the picture of {rows} x {columns} images of {side} px has {size} pixels; allowed: {MAX_PIXELS}")


def write_picture(path: Path, picture: np.ndarray) -> None:
    """A picture (H, W, 3) uint8 in the format of the path's suffix. Raises ParaBenchError as `files.writing`."""
    with writing(path) as partial:
        imageio.imwrite(partial, picture)
