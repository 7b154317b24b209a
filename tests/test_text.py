"""Names are text everywhere."""

from __future__ import annotations

import pytest

from para_bench.text import csv_cell, is_printable, meant, printable


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("para", "para"),
        ("é ✓", "é ✓"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\r", "a\\nb\\r"),
        ("\u202eevil", "\\u202eevil"),
        ("\x9b2J", "\\x9b2J"),
    ],
)
def test_control_characters_are_spelled_out(name: str, wanted: str) -> None:
    assert printable(name) == wanted
    assert is_printable(name) == (name == wanted)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("pra", " (did you mean para?)"), ("global-token", " (did you mean global_token?)"), ("zzz", ""), ("", "")],
)
def test_a_near_name_is_told(name: str, wanted: str) -> None:
    assert meant(name, ("para", "global_token", "diffusion")) == wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("@sum", "'@sum"),
        ("-1.5", "-1.5"),
        ("+3", "+3"),
        (-2, -2),
        ("para", "para"),
        ("\t=1", "\\t=1"),
    ],
)
def test_no_cell_is_a_formula(cell: object, wanted: object) -> None:
    assert csv_cell(cell) == wanted
