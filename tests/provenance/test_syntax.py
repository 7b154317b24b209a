"""A digest says what a file does: the same after every edit that decides nothing, the same on every Python, another one otherwise."""

from __future__ import annotations

import pytest

from para_bench.provenance.syntax import digest_of, imports_of

SOURCE = '''"""A page of everything."""
from __future__ import annotations

import os
import json as j
from a.b import c, d as e

X: int = 3
"""A constant."""


class Thing[T_] if False else object: ...


def f(x, *, y=1.5, **z):
    """Says what."""
    g = f"{x!r:>{y}} and {{braces}} {y=}" "tail"
    return [i for i in range(x) if i % 2], {**z, "é": b"\\x00", 2: None}, g


async def h():
    async with x() as y:
        await y
    try:
        pass
    except* ValueError:
        raise
    match x:
        case {"a": [1, *rest], **more}:
            return lambda q, /, w=...: (q, w, 1j, -2)
'''.replace("class Thing[T_] if False else object: ...\n", "class Thing(object):\n    ...\n")
GOLDEN = "663f2588"
"""The same on Python 3.11, 3.12 and 3.13."""


def test_the_digest_is_the_same_on_every_python() -> None:
    assert digest_of(SOURCE.encode()) == GOLDEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Says what."""', '"""Says something else."""'),
        ('    """Says what."""\n', ""),
        ('"""A constant."""\n', ""),
        ("X: int = 3", "X: int = 3  # three"),
        ("X: int = 3", "X: int = (\n    3\n)"),
        ("import os\nimport json as j\n", "import json as j\nimport os\n"),
        ("from a.b import c, d as e", "from a.b import (\n    d as e,\n    c,\n)"),
        ("from __future__ import annotations\n", ""),
        ("import os\n", "import os\nfrom typing import TYPE_CHECKING\n"),
        ('"é"', "'\\xe9'"),
        ('" "tail"', 'tail"'),
    ],
)
def test_what_decides_nothing_is_not_in_it(old: str, new: str) -> None:
    assert old in SOURCE
    changed = SOURCE.replace(old, new).encode()
    if "TYPE_CHECKING" in new:
        base = digest_of(changed)
        changed = changed.replace(b"X: int = 3", b"if TYPE_CHECKING:\n    import torch\n\nX: int = 3")
        assert digest_of(changed) == base
        assert (0, "torch", "") not in imports_of(changed)
    else:
        assert digest_of(changed) == GOLDEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X: int = 3", "X: int = 4"),
        ("X: int = 3", "X: int = 3.0"),
        ("X: int = 3", "X: int = True"),
        ("y=1.5", "y=None"),
        ("y=1.5, **z", "**z"),
        ("def f(x, *, y", "def f(x, y"),
        ("i % 2", "not i % 2"),
        ("2: None", "2: 'None'"),
        ("and {{braces}}", "and {{brackets}}"),
        ("{x!r:", "{x:"),
        ("d as e", "e as d"),
        ("import os\n", ""),
        ("        raise\n", "        return\n"),
        ("-2)", "2)"),
    ],
)
def test_what_a_program_acts_on_is_in_it(old: str, new: str) -> None:
    assert old in SOURCE
    assert digest_of(SOURCE.replace(old, new).encode()) != GOLDEN


def test_imports_are_found_wherever_they_stand() -> None:
    source = b"import a.b\nfrom . import c\nfrom .d import e as f\ndef g():\n    from h import *\n    import i as j\n"
    assert set(imports_of(source)) == {(0, "a.b", ""), (1, "", "c"), (1, "d", "e"), (0, "h", ""), (0, "i", "")}


def test_a_file_that_cannot_be_parsed_counts_byte_by_byte() -> None:
    assert digest_of(b"def f(:\n") != digest_of(b"def g(:\n")
    assert imports_of(b"def f(:\n") == ()


def test_imports_that_take_each_other_s_name_count_in_their_order() -> None:
    assert digest_of(b"from a import x\nfrom b import x\n") != digest_of(b"from b import x\nfrom a import x\n")
    assert digest_of(b"from a import *\nimport b\n") != digest_of(b"import b\nfrom a import *\n")
    assert digest_of(b"import a\nimport b\n") == digest_of(b"import b\nimport a\n")
    assert digest_of(b"x = 1\nfrom a import x\n") != digest_of(b"from a import x\nx = 1\n")


def test_code_too_deep_to_walk_counts_byte_by_byte() -> None:
    deep = b"import json\nx = " + b"+".join([b"1"] * 5000) + b"\n"
    assert digest_of(deep) != digest_of(deep + b"# a comment\n")
    imports_of(deep)
