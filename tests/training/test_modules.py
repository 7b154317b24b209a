"""The code that a row names: a head's own module, a backbone's model, and a plug-in's files, of the row in use alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench.heads import HEADS, head_module
from para_bench.plugins import installed
from para_bench.provenance import closure
from para_bench.provenance.closure import forget
from para_bench.training.modules import backbone_modules, head_modules
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec

SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))


def write_package(folder: Path) -> None:
    package = folder / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "head.py").write_text(
        "from para_bench.heads.para import Para\nfrom . import parts\nfrom helper import h\nclass Mine(Para): ...\n"
    )
    (package / "parts.py").write_text("import json\n")
    (package / "unused.py").write_text("")
    (folder / "helper.py").write_text("h = 1\n")


def head_sources(name: str) -> dict[str, str]:
    return closure(head_modules(name))


def test_a_head_that_is_named_elsewhere_than_it_is_written_names_both(import_folder: Path) -> None:
    (import_folder / "names.py").write_text("from written import Mine\n")
    (import_folder / "written.py").write_text("class Mine: ...\n")
    assert head_modules("names:Mine") == ("names", "written")
    assert head_modules("written:Mine") == ("written",)
    assert head_modules("para") == ("para_bench.heads.para",)
    assert head_module("json.decoder:JSONDecoder") == "json.decoder"


@pytest.mark.parametrize("name", HEADS.builtin)
def test_a_head_of_ours_is_written_where_it_is_named(name: str) -> None:
    """So that it need not be imported to know its code."""
    assert head_modules(name) == (HEADS[name].__module__,)


def test_a_backbone_names_a_model_of_ours_and_none_of_timm_s() -> None:
    shared = backbone_modules("efficientnet_lite0")
    assert shared == backbone_modules("lite0_multiview") == backbone_modules("timm:resnet18") == ("para_bench.backbones.base",)
    assert backbone_modules("video") == (*shared, "para_bench.backbones.video_unet")


def test_heads_differ_in_their_own_code_alone() -> None:
    """Or the training code of two heads would be shown as different where it is the same (`report.fairness.checkpoint`)."""
    shared = [{n for n in Recipe(head, 0, 3).state(SPEC)["sources"] if not n.startswith("heads/")} for head in HEADS.builtin]
    assert all(each == shared[0] for each in shared)


def test_no_training_hangs_on_pre_training_reports_or_commands() -> None:
    found = Recipe("para", 0, 3).state(SPEC)["sources"]
    assert not {n for n in found if n.startswith(("pretraining/", "report/", "commands/", "rollouts/", "conformance/"))}
    assert {"training/windows.py", "training/fresh.py", "training/learner.py"} <= set(found)
    assert set(closure(head_modules("para"))) <= set(found)


def test_a_plug_in_s_files_decide_its_checkpoint(import_folder: Path) -> None:
    write_package(import_folder)
    found = head_sources("mine.head:Mine")
    own = {name for name in found if name.startswith("plugin/")}
    assert own == {"plugin/mine/__init__.py", "plugin/mine/head.py", "plugin/mine/parts.py", "plugin/helper.py"}
    assert set(head_sources("para")) == set(found) - own
    recipe = Recipe("mine.head:Mine", 0, 3)
    before = recipe.folder(SPEC, import_folder)
    (import_folder / "mine/unused.py").write_text("1\n")
    forget()
    assert recipe.folder(SPEC, import_folder) == before
    (import_folder / "mine/parts.py").write_text("import os\n")
    forget()
    assert recipe.folder(SPEC, import_folder) != before


def test_an_installed_plug_in_answers_for_its_own_package_alone(import_folder: Path) -> None:
    write_package(import_folder)
    info = import_folder / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    installed.cache_clear()
    forget()
    assert "plugin/helper.py" not in head_sources("mine.head:Mine")
    assert "plugin/mine/parts.py" in head_sources("mine.head:Mine")
