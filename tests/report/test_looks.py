"""Heads are told apart by colour and mark, and look the same in every report."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

from para_bench.benchmarks.suites import FACTORIAL
from para_bench.heads import HEADS
from para_bench.report import looks
from para_bench.report.site.marks import CLASSES, marks

SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""Machado et al. 2009 (IEEE TVCG 15:1291), severity 1: linear RGB as each eye sees it."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
APART = 15.0
"""CIE 1976 colour difference; Okabe and Ito's green and sky are 16 apart for tritanopia."""


def linear(colour: str) -> np.ndarray:
    """Linear RGB of #rrggbb."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eye: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(SEEN[eye] @ linear(colour), 0, 1) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1 to 21."""
    low, high = sorted(TO_XYZ[1] @ linear(colour) + 0.05 for colour in (one, other))
    return high / low


def of_pages(theme: int) -> dict[str, str]:
    """Colours of pages by their name; theme 0 is light, 1 dark."""
    css = (files("para_bench") / "assets/site/colours.css").read_text()
    return {name: colours[theme] for name, *colours in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", css)}


def test_a_head_keeps_its_look() -> None:
    assert looks.looks(["para", "new_b", "new_a"])["new_a"] == looks.looks(["new_a", "new_b"])["new_a"]
    assert looks.looks(["diffusion"])["diffusion"] == looks.looks(["para", "diffusion", "x"])["diffusion"]
    known = looks.looks([*HEADS])
    assert set(HEADS) <= set(looks.KNOWN)
    assert len({look[:2] for look in known.values()}) == len(HEADS)  # told apart without the line
    many = looks.looks([f"head{i}" for i in range(12)])
    assert len(set(many.values())) == 12


@pytest.mark.parametrize("eye", SEEN)
def test_colours_of_the_factorial_are_told_apart_by_every_eye(eye: str) -> None:
    heads = [*FACTORIAL]
    drawn = [look.colour for look in looks.looks(heads).values()]
    pages = [[of_pages(theme)[mark.colour] for mark in marks(heads, []).values()] for theme in (0, 1)]
    for colours in (drawn, *pages):
        assert len(set(colours)) == len(heads) == 8
        for one, other in combinations(colours, 2):
            assert np.linalg.norm(lab(one, eye) - lab(other, eye)) > APART, (one, other)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_on_pages_stand_out_from_the_ground(theme: int) -> None:
    colours = of_pages(theme)
    for name in CLASSES.values():  # no text has the colour of a head
        assert min(contrast(colours[name], colours[ground]) for ground in ("ground", "surface")) >= 3.0, name
