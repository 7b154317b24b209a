"""What a result depends on, by file, and the words for what changed."""

from __future__ import annotations

from para_bench.sources import differences, imported, sources

from para_bench.heads import HEADS


def test_sources_are_files_with_hashes() -> None:
    found = sources(("types.py", "tasks", "envs"))
    assert {"types.py", "tasks/place.py", "envs/shifts/views.py"} <= set(found)
    assert all(len(digest) == 8 for digest in found.values())


def test_a_head_depends_on_what_it_imports_and_on_no_other_head() -> None:
    found = imported(HEADS["para"].__module__, "heads")
    assert {"heads/para.py", "heads/base.py", "heads/parts/trunk.py", "heads/parts/grid.py"} <= set(found)
    assert "heads/diffusion.py" not in found
    assert "heads/__init__.py" not in found


def test_differences_are_told_in_words() -> None:
    old = {"sources": {"envs/oracle.py": "a", "types.py": "b"}, "recipe": {"train": {"steps": 800}}}
    new = {"sources": {"envs/oracle.py": "c", "types.py": "b"}, "recipe": {"train": {"steps": 1600}}}
    assert differences(old, new) == "envs/oracle.py changed, recipe.train.steps 800 -> 1600"
    assert differences(old, old) == ""
    many = {str(i): i for i in range(9)}
    assert differences({}, many, most=2).endswith("and 7 more")
