from __future__ import annotations

from para_bench.report.file_names import FileNames, joined


def test_names_become_parts_of_paths_that_differ() -> None:
    names = FileNames()
    found = [names.of("x", text) for text in ("a/b", "a b", "A/B", "../../y", "", ".hidden", "é" * 200, "é" * 199)]
    assert found == ["x-a-b", "x-a-b_2", "x-A-B_3", "x--..-y", "x--", "x-hidden", *found[6:]]
    assert len({name.casefold() for name in found}) == len(found)
    assert all("/" not in name and len(name.encode()) < 200 for name in found)


def test_long_names_stay_two() -> None:
    long = ("h" * 200, "c" * 200, "l" * 200)
    assert joined((*long, "s0")) != joined((*long, "s1"))
    assert len(joined(long)) <= 160
