"""Which code a result depends on: what its entry points import, and nothing else."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from para_bench.provenance import closure, edited
from para_bench.provenance.closure import NEUTRAL, ROWS, _digest, _place, forget
from para_bench.types import ParaBenchError


@pytest.fixture(autouse=True)
def _read_again() -> Iterator[None]:
    forget()
    yield
    forget()


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """Modules of a plain folder on sys.path: b of the package a is a_in_b."""
    monkeypatch.syspath_prepend(folder)
    for name, text in files.items():
        path = folder / f"{name.replace('_in_', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    forget()


def test_every_module_that_is_left_out_is_there_and_has_a_reason() -> None:
    for name, reason in {**ROWS, **NEUTRAL}.items():
        assert importlib.util.find_spec(f"para_bench.{name}"), name
        assert len(reason) > 10


def test_a_head_depends_on_what_it_imports_and_on_no_other_head() -> None:
    found = closure(["para_bench.heads.para"])
    assert {"heads/para.py", "heads/base.py", "heads/parts/trunk.py", "heads/parts/grid.py", "tensors.py", "types.py"} <= set(found)
    assert not {"heads/diffusion.py", "heads/__init__.py", "plugins.py"} & set(found)
    assert all(len(digest) == 8 for digest in found.values())


def test_tables_and_what_decides_nothing_are_not_followed_unless_named() -> None:
    found = closure(["para_bench.rollouts.jobs", "para_bench.rollouts.rollout"])
    assert not {name for name in found if name.startswith(("heads/", "backbones/", "records/", "benchmarks/splits/", "report/"))}
    assert "rollouts/references.py" not in found
    assert "rollouts/references.py" in closure(["para_bench.rollouts.references"])


def test_a_data_file_is_an_entry_point_whose_comments_do_not_count() -> None:
    assert list(closure(["assets/arm.xml"])) == ["assets/arm.xml"]
    assert _digest(".xml", b"<a><!-- x --><b c='1'/></a>") == _digest(".xml", b"<a>\n  <b c='1'></b></a>")
    assert _digest(".xml", b"<a><b c='1'/></a>") != _digest(".xml", b"<a><b c='2'/></a>")


def test_an_entry_point_of_ours_that_is_gone_is_an_error() -> None:
    for name in ("para_bench.no_such_module", "assets/none.xml"):
        with pytest.raises(ParaBenchError, match=r"no module .* to name as an entry point; allowed"):
            closure([name])


def test_what_no_file_stands_for_is_no_code() -> None:
    assert closure(["no_such_package", "json.decoder", "sys"]) == {}


def test_imports_inside_functions_count_and_those_for_type_checkers_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pv_types\ndef f():\n    import pv_late\n    import os.path\n"
    package(tmp_path, monkeypatch, pv_main=main, pv_types="", pv_late="", pv_unused="")
    assert set(closure(["pv_main"])) == {"plugin/pv_main.py", "plugin/pv_late.py"}


def test_names_handed_on_by_a_package_of_ours_lead_to_their_maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = "from para_bench.envs.shifts import rooms, identity\nfrom para_bench.records import Outcome\n"
    package(tmp_path, monkeypatch, pv_main=main)
    found = set(closure(["pv_main"]))
    assert {"envs/shifts/rooms.py", "envs/shifts/__init__.py"} <= found
    assert not {name for name in found if name.startswith("records/") or name == "envs/shifts/views.py"}


def test_relative_imports_and_circles_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"pv_in___init__": "", "pv_in_a": "from .b import x\n", "pv_in_b": "from . import a\nfrom .deep import c\n"}
    package(tmp_path, monkeypatch, **files, pv_in_deep_in___init__="", pv_in_deep_in_c="from ..a import y\nfrom ... import z\n")
    (tmp_path / "pv/other.py").write_text("")
    names = {"pv/__init__.py", "pv/a.py", "pv/b.py", "pv/deep/__init__.py", "pv/deep/c.py"}
    assert set(closure(["pv.a"])) == {f"plugin/{name}" for name in names}


@pytest.mark.parametrize("line", ["from para_bench.heads import HEADS", "from para_bench.heads.create import create_head"])
def test_a_plug_in_that_looks_heads_up_depends_on_all_of_them(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch, wraps_a_head=line, borrows_a_head="from para_bench.heads.para import Para")
    assert {"heads/para.py", "heads/diffusion.py", "heads/parts/unet1d.py"} <= set(closure(["wraps_a_head"]))
    assert "heads/diffusion.py" not in closure(["borrows_a_head"])


def test_a_process_keeps_to_the_code_that_it_has_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch, pv_main="x = 1\n")
    before = closure(["pv_main"])
    (tmp_path / "pv_main.py").write_text("x = 2\n")
    assert closure(["pv_main"]) == before
    forget()
    assert closure(["pv_main"]) != before


def test_an_unused_file_or_row_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch, pv_in___init__="", pv_in_a="x = 1\n")
    before = closure(["pv.a"])
    (tmp_path / "pv/unused.py").write_text("y = 2\n")
    (tmp_path / "beside.py").write_text("y = 2\n")
    forget()
    assert closure(["pv.a"]) == before
    assert _place("pv") == _place("pv.a")


def test_an_edit_of_what_was_read_is_noticed_and_a_comment_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch, pv_main="import pv_other\n", pv_other="x = 1\n", pv_third="x = 1\n")
    closure(["pv_main"])
    (tmp_path / "pv_other.py").write_text("x = 1  # one\n")
    (tmp_path / "pv_third.py").write_text("x = 2\n")  # was not read
    assert edited() == []
    (tmp_path / "pv_other.py").write_text("x = 2\n")
    assert edited() == [str(tmp_path / "pv_other.py")]
    (tmp_path / "pv_other.py").unlink()
    assert edited() == [str(tmp_path / "pv_other.py")]


def test_a_namespace_package_of_several_folders_is_found_in_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path / "one", monkeypatch, pv_spread_in_arms_in_a="x = 1\n")
    package(tmp_path / "two", monkeypatch, pv_spread_in_heads_in_mine="from pv_spread.arms import a\n")
    spread = {name.removeprefix("pv_spread"): digest for name, digest in closure(["pv_spread.heads.mine"]).items()}
    assert sorted(Path(name).name for name in spread) == ["a.py", "mine.py"]
