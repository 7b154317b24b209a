"""Which modules stand for the row in use."""

from __future__ import annotations

from para_bench.heads import HEADS
from para_bench.provenance import closure
from para_bench.training.modules import backbone_modules, head_modules
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec

SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))


def test_a_head_is_the_module_of_its_class() -> None:
    assert head_modules("para") == ("para_bench.heads.para",)


def test_a_backbone_is_what_runs_it_and_its_model_where_that_is_ours() -> None:
    runs = "para_bench.backbones.base"
    assert backbone_modules("efficientnet_lite0") == backbone_modules("timm:resnet18") == (runs,)
    assert backbone_modules("video") == (runs, "para_bench.backbones.video_unet")


def test_heads_differ_in_their_own_code_alone() -> None:
    """Or the training code of two heads would be shown as different where it is the same (`report.fairness.checkpoint`)."""
    shared = [{n for n in Recipe(head, 0, 3).state(SPEC)["sources"] if not n.startswith("heads/")} for head in HEADS.builtin]
    assert all(each == shared[0] for each in shared)


def test_no_training_hangs_on_pre_training_reports_or_commands() -> None:
    found = Recipe("para", 0, 3).state(SPEC)["sources"]
    assert not {n for n in found if n.startswith(("pretraining/", "report/", "commands/", "rollouts/", "conformance/"))}
    assert {"training/windows.py", "training/fresh.py", "training/learner.py"} <= set(found)
    assert set(closure(head_modules("para"))) <= set(found)
