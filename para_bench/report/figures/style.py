"""How every figure looks: paper widths, one colour-blind-safe look a head, files that are the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

from para_bench.files import write_bytes

WIDTH_IN = 6.75
"""Text width of the usual two-column conference templates."""
HALF_WIDTH_IN = 3.25
"""One column of them."""
RESOLUTION_DPI = 200

# Okabe & Ito (2008), "Color Universal Design": told apart with every common colour blindness.
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
YELLOW, BLACK, GREY, PALE = "#F0E442", "#000000", "#7F7F7F", "#E3E3E3"
GOOD, BAD = "#1B7837", "#762A83"
"""Success and failure: green and purple (ColorBrewer's PRGn, safe for colour blindness), no colour of a head."""
RATE_MAP = LinearSegmentedColormap.from_list("rate", [BAD, "#F7F7F7", GOOD])


_HATCHES = {"D": "////", "v": "\\\\\\\\", "P": "....", "X": "xxxx", "<": "----", ">": "||||", "h": "++++"}
"""By marker, so that bars of one colour are told apart as well as lines."""


class Look(NamedTuple):
    colour: str
    marker: str
    line: Literal["-", "--", "-.", ":"]

    @property
    def bar(self) -> dict[str, Any]:
        """How a bar of it is filled."""
        return {"facecolor": self.colour, "hatch": _HATCHES.get(self.marker, ""), "edgecolor": "white", "linewidth": 0, "alpha": 0.85}


KNOWN = {
    "para": Look(BLUE, "o", "-"),
    "para_camera_yaw": Look(SKY, "D", "-."),
    "para_volume": Look(SKY, "o", "--"),
    "global_token": Look(VERMILLION, "s", "--"),
    "global_token_camera": Look(ORANGE, "s", "-"),
    "global_token_plucker": Look(ORANGE, "v", "-."),
    "average_pool": Look(VERMILLION, "v", ":"),
    "spatial_softmax": Look(YELLOW, "s", "--"),
    "act": Look(PURPLE, "D", "-"),
    "diffusion": Look(GREEN, "^", "-."),
    "diffusion_plucker": Look(GREEN, "D", ":"),
    "affordance": Look(SKY, "P", "-."),
    "lift_splat": Look(SKY, "X", ":"),
    "rvt": Look(PURPLE, "P", "--"),
    "point_cloud": Look(PURPLE, "X", ":"),
}
"""Heads that look the same in every report: the colour is the family (in the image, pooled, diffusion, ...), marker and line the member."""
_FREE = tuple(Look(colour, marker, "-") for marker in ("<", ">", "h") for colour in (YELLOW, SKY, ORANGE, PURPLE))

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so the machine's fonts change nothing
    "font.size": 7.5,
    "axes.titlesize": 7.5,
    "axes.labelsize": 7.5,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.5,
    "hatch.linewidth": 0.4,
    "text.parse_math": False,  # a name with $ in it is a name
    "pdf.fonttype": 42,  # TrueType: conferences refuse type 3 fonts
}


def looks(heads: Sequence[str]) -> dict[str, Look]:
    """One look a head; heads that are not KNOWN share out the other colours in alphabetical order."""
    others = sorted(head for head in heads if head not in KNOWN)
    return {head: KNOWN[head] if head in KNOWN else _FREE[others.index(head) % len(_FREE)] for head in heads}


def two_lines(head: str, width: int = 13) -> str:
    """A long name of a head, broken once where a word ends, for the title of a narrow panel."""
    ends = [i + (head[i] != "_") for i, letter in enumerate(head) if i and letter in "_.:"]
    if len(head) <= width or not ends:
        return head
    end = min(ends, key=lambda i: abs(i - len(head) / 2))
    return f"{head[:end]}\n{head[end:]}"


def look_context() -> Any:
    """Draw inside this."""
    return rc_context(_RC)


def percent_axis(axes: Axes) -> None:
    """Success from 0 to 100 %, with a light grid."""
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks(np.linspace(0, 1, 5), ["0", "25", "50", "75", "100"])
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)


def spread(axes: Axes, x: float, means: Sequence[float], colour: str, width: float = 0.0) -> None:
    """A dot for the mean of each training seed, side by side within `width`; none for one seed, whose mean is the estimate."""
    if len(means) > 1:
        places = x + np.linspace(-width / 2, width / 2, len(means))
        axes.plot(
            places, means, linestyle="", marker="o", markersize=1.8, color="white", markeredgecolor=colour, markeredgewidth=0.5, zorder=5
        )


def legend_above(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """One legend for all panels, in rows of four."""
    figure.legend(handles, labels, loc="outside upper center", ncols=min(4, max(1, len(labels))), columnspacing=1.2, handlelength=2.2)


def save(figure: Figure, path: Path) -> list[Path]:
    """Write NAME.pdf and NAME.png, without dates and versions; files whose picture is the same already are left as they are.

    Raises:
        ParaBenchError: they cannot be written.
    """
    png, pdf = (path.with_name(path.name + suffix) for suffix in (".png", ".pdf"))
    buffer = io.BytesIO()
    with look_context():
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
