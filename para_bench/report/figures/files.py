"""A figure as files that are the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from para_bench.files import write_bytes
from para_bench.report.figures.style import look_context

RESOLUTION_DPI = 200


def save(figure: Figure, path: Path) -> list[Path]:
    """Write NAME.pdf and NAME.png, without dates and versions; files that show the same picture already are left as they are.

    Raises:
        ParaBenchError: they cannot be written.
    """
    png, pdf = (path.with_name(path.name + suffix) for suffix in (".png", ".pdf"))
    buffer = io.BytesIO()
    with look_context():
        figure.draw_without_rendering()  # panels of fixed shape are laid out in two rounds
        figure.savefig(buffer, format="png", dpi=RESOLUTION_DPI, metadata={"Software": None})
        figure.set_layout_engine("none")  # laid out once; doing it again for the PDF would take as long as drawing
        if not (pdf.exists() and png.exists() and _same_picture(png, buffer)):
            write_bytes(png, buffer.getvalue())
            buffer = io.BytesIO()
            figure.savefig(buffer, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
            write_bytes(pdf, buffer.getvalue())
    return [pdf, png]


def _same_picture(png: Path, drawn: io.BytesIO) -> bool:
    """Pixel by pixel; the bytes also depend on the version of the compressor."""
    try:
        with Image.open(png) as old, Image.open(drawn) as new:
            return old.size == new.size and np.array_equal(np.asarray(old.convert("RGBA")), np.asarray(new.convert("RGBA")))
    except OSError:
        return False
