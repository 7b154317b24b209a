"""What is made again: for every option of `run`, and for every module behind a result, exactly what it decides."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

import para_bench
from para_bench.backbones.create import create_backbone
from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.run import Run
from para_bench.demonstrations.given import Given
from para_bench.demonstrations.stored import demonstrations_folder
from para_bench.options import ExecutorOptions, FeatureOptions, MachineOptions, PolicyOptions, SeenOptions, SizeOptions, TrainingOptions
from para_bench.provenance.closure import _closure, forget
from para_bench.remote.keys import find_keys
from para_bench.remote.outside import Outside
from para_bench.robots import ROBOTS
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.identity import episode_state, policy_state, reference_state
from para_bench.rollouts.meeting import Met
from para_bench.rollouts.policies import outside_checkpoint
from para_bench.training.feature_specs import feature_spec
from para_bench.training.saved import CONFIG, HeadSpec
from para_bench.types import FeatureSpec, ParaBenchError, content_hash, to_dict

HEAD, SPLIT = "para", "novel_view"
BASE = RunConfig(SPLIT, (HEAD,), PROFILES["smoke"], backbone="efficientnet_lite0", image_size=64)
DEMOS, WEIGHTS, POLICY, EPISODES, REFERENCES = "demonstrations", "weights", "policy", "episodes", "references"
"""What there is to make again: demonstrations, a checkpoint, the policy's episodes although its weights came out the same, all episodes,
those of references alone."""
TRAINED = {WEIGHTS, POLICY}
EVERYTHING = {DEMOS, WEIGHTS, POLICY, EPISODES, REFERENCES}


class Made:
    """Names of all of it under a configuration, without making any of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, config: RunConfig) -> dict[str, str]:
        split = config.find_split()
        recipe = config.recipe(HEAD, 0, split.training)
        spec = feature_spec(recipe, config.backbone_weights)
        name = recipe.folder(spec, Path("out")).name
        saved = self._folder / name
        saved.mkdir(exist_ok=True)
        (saved / CONFIG).write_text(json.dumps({"spec": to_dict(HeadSpec(HEAD, recipe.head_config, spec))}))
        return {
            DEMOS: demonstrations_folder(recipe.training, recipe.demos, recipe.demo_seed, Path("out")).name,
            WEIGHTS: name,
            POLICY: content_hash(policy_state(config, saved, HEAD, "the same weights", recipe.backbone)),
            EPISODES: content_hash(episode_state(config, split)),
            REFERENCES: content_hash([reference_state(config, split, each) for each in config.bounds]),
        }

    def changed(self, config: RunConfig, base: RunConfig = BASE) -> set[str]:
        before, now = self(base), self(config)
        return {name for name in before if before[name] != now[name]}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    forget()
    yield Made(tmp_path)
    forget()


def profile(**values: int) -> Callable[[RunConfig, Path], RunConfig]:
    return lambda config, _: replace(config, profile=replace(config.profile, **values))


def option(**values: Any) -> Callable[[RunConfig, Path], RunConfig]:
    return lambda config, _: replace(config, **values)


def weights(zero: bool) -> Callable[[RunConfig, Path], RunConfig]:
    """The backbone's own weights from a file, or others."""

    def change(config: RunConfig, folder: Path) -> RunConfig:
        path = folder / "weights.safetensors"
        backbone = create_backbone(config.backbone, 64, frozen=False)
        state = backbone.complete_state(create_row(config.backbone))
        save_file({name: (torch.zeros_like(value) if zero else value).contiguous() for name, value in state.items()}, path)
        return replace(config, backbone_weights=path)

    return change


def create_row(name: str) -> Any:
    from para_bench.backbones import backbone_row

    return backbone_row(name)


OPTIONS: dict[str, tuple[Callable[[RunConfig, Path], RunConfig], set[str]]] = {
    "head": (option(heads=(HEAD, "global_token")), set()),  # of the heads that were there
    "split": (option(split="new_environment"), {EPISODES}),  # trained alike
    "task": (option(split="stack.novel_view"), {DEMOS, WEIGHTS, EPISODES, REFERENCES}),
    "suite_version": (option(suite_version=1), EVERYTHING),  # heads are as their sources have them from version 2 on
    "profile": (option(profile=PROFILES["default"]), {DEMOS, WEIGHTS}),
    "demos": (profile(demos=4), {DEMOS, WEIGHTS}),
    "demo_seed": (option(demo_seed=1), {DEMOS, WEIGHTS}),
    "demos_from": (option(given=Given("0123456789abcdef", 3)), {DEMOS, WEIGHTS}),
    "seeds": (profile(seeds=2), set()),
    "demo_seeds": (profile(demo_seeds=2), set()),  # the first set and its seeds are the same
    "episodes": (profile(episodes=3), set()),
    "steps": (profile(steps=41), {WEIGHTS}),
    "batch": (profile(batch=9), {WEIGHTS}),
    "copies": (profile(copies=2), {WEIGHTS}),
    "turns": (option(turns=False), {WEIGHTS}),
    "augmentation": (option(augmentation="off"), {WEIGHTS}),
    "learning_rate": (option(learning_rate=1e-4), {WEIGHTS}),
    "decode": (option(decode="argmax"), {POLICY}),
    "backbone": (option(backbone="lite0_multiview"), TRAINED),
    "backbone_weights": (weights(zero=True), TRAINED),
    "finetune": (option(finetune=True), {WEIGHTS}),
    "freeze_stages": (option(finetune=True, freeze_stages=1), {WEIGHTS}),
    "image_size": (option(image_size=96), {*TRAINED, REFERENCES}),  # of references, those that look
    "feature_runtime": (option(feature_runtime="onnxruntime"), TRAINED),
    "cameras": (option(cameras=4), {WEIGHTS}),
    "rooms": (option(rooms="each"), {WEIGHTS}),
    "workers": (option(workers=7), set()),
    "out": (option(out=Path("elsewhere")), set()),
    "shard": (option(), set()),  # says who does it
    "log": (option(), set()),
    "executor": (option(), set()),  # likewise
    "address": (option(), set()),
    "device": (option(device="cpu"), set()),
    "replan_steps": (option(replan_steps=6), {POLICY, EPISODES, REFERENCES}),
    "videos": (option(videos=False), set()),
}


def test_every_option_of_run_is_in_the_table() -> None:
    grouped = {
        "size": SizeOptions,
        "training": TrainingOptions,
        "training_views": SeenOptions,
        "features": FeatureOptions,
        "machine": MachineOptions,
        "cluster": ExecutorOptions,
        "policies": PolicyOptions,
    }
    names = {each.name for group in grouped.values() for each in fields(group)}
    of_others = {each.name for each in fields(PolicyOptions)}  # they decide rows of their own, see below
    assert ({each.name for each in fields(Run)} | names) - {*grouped, *of_others, "robot"} == {*OPTIONS}
    assert len(ROBOTS) == 1  # a second one needs a line in the table


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_makes_again_what_it_decides_and_nothing_else(name: str, made: Made, tmp_path: Path) -> None:
    change, expected = OPTIONS[name]
    assert made.changed(change(BASE, tmp_path)) == expected


def test_weights_are_told_apart_by_content_not_by_path(made: Made, tmp_path: Path) -> None:
    same = weights(zero=False)(BASE, tmp_path)
    assert made.changed(same) == set()
    (tmp_path / "other").mkdir()
    elsewhere = tmp_path / "other" / "name.safetensors"
    elsewhere.write_bytes((tmp_path / "weights.safetensors").read_bytes())
    assert made.changed(replace(BASE, backbone_weights=elsewhere), same) == set()
    before = made(same)
    save_file({name: value + 1 for name, value in load_file(tmp_path / "weights.safetensors").items()}, tmp_path / "weights.safetensors")
    assert {name for name, value in made(same).items() if value != before[name]} == TRAINED  # the same path, other bytes


def test_of_references_those_that_look_are_told_apart_by_the_size_of_their_images() -> None:
    def state(head: str, size: int) -> dict[str, Any]:
        return reference_state(replace(BASE, image_size=size), BASE.find_split(), head)

    assert {head for head in BASE.bounds if state(head, 64) != state(head, 96)} == {"threshold"}
    assert all(state(head, 224).keys() == {"head", "replan_steps", "sources"} for head in BASE.bounds)  # as stored records have it


MODULES = {
    "heads/para.py": TRAINED,
    "heads/parts/trunk.py": TRAINED,
    "heads/base.py": TRAINED,
    "heads/config.py": TRAINED,
    "heads/diffusion.py": set(),
    "heads/__init__.py": set(),
    "backbones/base.py": TRAINED,
    "backbones/folding.py": TRAINED,
    "backbones/video_unet.py": set(),
    "backbones/onnx_backbone.py": set(),
    "backbones/graphs.py": set(),
    "backbones/runtimes.py": TRAINED,
    "tensors.py": {DEMOS, *TRAINED},
    "geometry.py": EVERYTHING,
    "types.py": EVERYTHING,
    "corruption.py": EVERYTHING,
    "quantities.py": EVERYTHING,
    "sim/pictures.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "sim/webcam.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "heads/parts/ddim.py": set(),
    "data/augmentation.py": {WEIGHTS},
    "data/config.py": {WEIGHTS},
    "data/dataset.py": {WEIGHTS},
    "data/features.py": {WEIGHTS},
    "demonstrations/frames.py": {WEIGHTS},
    "demonstrations/samples.py": {WEIGHTS},
    "demonstrations/seen.py": {WEIGHTS},
    "envs/ranges.py": {WEIGHTS},
    "demonstrations/collect.py": {DEMOS, WEIGHTS},
    "training/learner.py": {WEIGHTS},
    "optimisation/loop.py": {WEIGHTS},
    "optimisation/config.py": {WEIGHTS},
    "training/fresh.py": {WEIGHTS},
    "training/saved.py": TRAINED,
    "training/specification.py": TRAINED,
    "training/feature_specs.py": set(),
    "training/validation.py": set(),
    "training/checkpoint.py": {WEIGHTS},
    "training/start.py": {WEIGHTS},
    "training/trained.py": {WEIGHTS},
    "training/prepare.py": {WEIGHTS},
    "demonstrations/stored.py": {DEMOS, WEIGHTS},
    "rollouts/loading.py": {POLICY},
    "rollouts/meeting.py": set(),
    "remote/failures.py": {EPISODES},
    "remote/policy.py": set(),
    "remote/outside.py": set(),
    "pretraining/video.py": set(),
    "sim/build.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "robots/so101.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "tasks/place.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "tasks/parts/diagnosis.py": {DEMOS, WEIGHTS, EPISODES, REFERENCES},
    "benchmarks/scenes.py": {DEMOS, WEIGHTS, EPISODES},
    "benchmarks/suites.py": set(),
    "benchmarks/profiles.py": set(),
    "envs/shifts/views.py": {EPISODES},
    "envs/shifts/rooms.py": set(),
    "rollouts/policy.py": {POLICY},
    "rollouts/rollout.py": {EPISODES},
    "rollouts/fence.py": {EPISODES},
    "rollouts/jobs.py": {EPISODES},
    "rollouts/references.py": {REFERENCES},
    "rollouts/workers.py": set(),
    "rollouts/episodes.py": set(),
    "report/roster.py": set(),
    "replays/strip.py": set(),
    "files.py": set(),
    "plugins.py": set(),
    "records/episode.py": set(),
    "cli.py": set(),
}
"""What an edit of a file makes again."""


def edited(monkeypatch: pytest.MonkeyPatch, name: str, text: bytes) -> None:
    """As if a file had this at its end; nothing on disk changes."""
    module = sys.modules["para_bench.provenance.closure"]
    path = Path(para_bench.__path__[0]) / name
    monkeypatch.setattr(module, "_source", replaced(name, path.read_bytes() + text))
    _closure.cache_clear()


def replaced(name: str, content: bytes) -> Callable[[Path], bytes]:
    """Reads sources, one of them as if it were this."""
    return lambda path: content if str(path).endswith(f"/para_bench/{name}") else path.read_bytes()


@pytest.mark.parametrize("name", MODULES)
def test_an_edited_module_makes_again_what_it_decides_and_nothing_else(name: str, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    before = made(BASE)
    with monkeypatch.context() as patch:
        edited(patch, name, b'\n# a comment\n"""And a string."""\n')
        assert made(BASE) == before
    with monkeypatch.context() as patch:
        edited(patch, name, b"\nEDITED = True\n")
        now = made(BASE)
    _closure.cache_clear()
    assert {each for each in before if before[each] != now[each]} == MODULES[name]


@pytest.mark.parametrize("name", ["backbones/onnx_backbone.py", "backbones/graphs.py"])
def test_the_code_beside_onnx_runtime_decides_where_it_computes(name: str, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(BASE, feature_runtime="onnxruntime")
    before = made(config)
    with monkeypatch.context() as patch:
        edited(patch, name, b"\nEDITED = True\n")
        now = made(config)
    _closure.cache_clear()
    assert {each for each in before if before[each] != now[each]} == TRAINED


def test_the_table_of_modules_names_files_that_are_there() -> None:
    root = Path(para_bench.__path__[0])
    assert [name for name in MODULES if not (root / name).is_file()] == []


def test_the_arm_s_model_decides_what_is_simulated(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    before, source = made(BASE), (Path(para_bench.__path__[0]) / "assets/arm.xml").read_bytes()
    with monkeypatch.context() as patch:
        edited(patch, "assets/arm.xml", b"<!-- a comment -->")
        assert made(BASE) == before
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["para_bench.provenance.closure"], "_source", replaced("assets/arm.xml", source.replace(b"0.1", b"0.2")))
        _closure.cache_clear()
        now = made(BASE)
    _closure.cache_clear()
    assert {each for each in before if before[each] != now[each]} == {DEMOS, WEIGHTS, EPISODES, REFERENCES}


def test_a_split_s_own_shifts_decide_its_episodes_alone(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    lighting = replace(BASE, split="lighting")
    before = made(lighting), made(BASE)
    with monkeypatch.context() as patch:
        edited(patch, "envs/shifts/rooms.py", b"\nEDITED = True\n")
        now = made(lighting), made(BASE)
    _closure.cache_clear()
    assert {each for each in before[0] if before[0][each] != now[0][each]} == {EPISODES}
    assert now[1] == before[1]


def test_the_same_weights_under_other_code_are_another_policy(import_folder: Path) -> None:
    """Of a built-in head (heads/para.py is one of its plug-in's files here) and of a plug-in alike: the policy's hash holds the code."""
    (import_folder / "mine.py").write_text("from para_bench.heads.para import Para\nfrom helper import h\nclass Mine(Para): ...\n")
    (import_folder / "helper.py").write_text("h = 1\n")
    checkpoint = import_folder / "checkpoint"
    checkpoint.mkdir()
    (checkpoint / "model.safetensors").write_bytes(b"weights")
    spec = {"head_config": {}, "features": to_dict(FeatureSpec("toy@01234567", 32, (4, 6), (8, 4)))}

    def hash_of(head: str) -> str:
        made = {"spec": {**spec, "head": head}, "format": 2, "state": {"sources": {"plugin/a.py": "a"}}}
        (checkpoint / CONFIG).write_text(json.dumps(made))
        return content_hash(policy_state(BASE, checkpoint, head, "w", BASE.backbone))

    def hashes() -> list[str]:
        forget()
        return [hash_of(head) for head in ("para", "mine:Mine")]

    before = hashes()
    (import_folder / "helper.py").write_text("h = 1  # the same\n")
    assert hashes() == before
    (import_folder / "helper.py").write_text("h = 2\n")
    assert hashes()[0] == before[0]
    assert hashes()[1] != before[1]
    with pytest.raises(ParaBenchError, match=r"is of head 'mine:Mine'; allowed: 'para' \(delete the folder to train again\)$"):
        policy_state(BASE, checkpoint, "para", "w", BASE.backbone)


OUTSIDE = Outside("pi", "openpi+ws://127.0.0.1:8000", "v1", find_keys("ours").text, metadata="said")
MET = Met(OUTSIDE, "RGB", "answer")


def of_others(met: Met = MET, config: RunConfig = BASE) -> tuple[str, str]:
    """What stands for its weights, and the policy's hash."""
    found = outside_checkpoint(config, met)
    return found.hash, found.policy.hash


@pytest.mark.parametrize(
    ("change", "weights", "policy"),
    [
        ({"name": "another"}, False, False),
        ({"address": "openpi+ws://elsewhere:1"}, False, False),  # an address is no identity
        ({"timeout_s": 1.0}, False, False),
        ({"version": "v2"}, True, True),
        ({"metadata": "says otherwise"}, True, True),
        ({"keys": find_keys("libero").text}, False, True),
        ({"address": "vla-eval+ws://127.0.0.1:8000"}, True, True),
    ],
)
def test_what_tells_a_policy_of_others_from_another(change: dict[str, Any], weights: bool, policy: bool) -> None:
    before, now = of_others(), of_others(MET._replace(outside=replace(OUTSIDE, **change)))
    assert (before[0] != now[0], before[1] != now[1]) == (weights, policy)


def test_a_checkpoint_of_lerobot_may_be_moved() -> None:
    here, there = (MET._replace(outside=replace(OUTSIDE, address=f"lerobot:{folder}")) for folder in ("a/b", "elsewhere"))
    assert of_others(here) == of_others(there) != of_others()


def test_another_answer_to_the_kept_look_is_another_policy() -> None:
    before, now = of_others(), of_others(MET._replace(answer="otherwise"))
    assert before[0] != now[0]
    assert before[1] != now[1]


@pytest.mark.parametrize("change", [{"image_size": 96}, {"replan_steps": 6}])
def test_how_it_is_asked_is_the_policy_s(change: dict[str, Any]) -> None:
    before, now = of_others(), of_others(config=replace(BASE, **change))
    assert before[0] == now[0]
    assert before[1] != now[1]


@pytest.mark.parametrize(
    ("address", "name", "changes"),
    [
        ("openpi+ws://127.0.0.1:8000", "remote/policy.py", True),
        ("openpi+ws://127.0.0.1:8000", "remote/actions.py", True),
        ("openpi+ws://127.0.0.1:8000", "remote/codec.py", True),
        ("openpi+ws://127.0.0.1:8000", "remote/local.py", False),
        ("openpi+ws://127.0.0.1:8000", "remote/server.py", False),
        ("mine:make", "remote/local.py", True),
        ("mine:make", "remote/looks.py", True),
        ("mine:make", "remote/policy.py", False),
        ("mine:make", "remote/lerobot.py", False),
        ("lerobot:trained/act", "remote/lerobot.py", True),
        ("lerobot:trained/act", "remote/actions.py", True),
        ("lerobot:trained/act", "lerobot_data/export.py", False),
    ],
)
def test_the_code_between_it_and_the_robot_is_the_policy_s(
    address: str, name: str, changes: bool, made: Made, import_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (import_folder / "mine.py").write_text("def make(): ...")
    met = MET._replace(outside=replace(OUTSIDE, address=address))
    before = of_others(met)
    with monkeypatch.context() as patch:
        edited(patch, name, b"\nEDITED = True\n")
        now = of_others(met)
    _closure.cache_clear()
    assert before[0] == now[0]
    assert (before[1] != now[1]) == changes


def test_the_code_of_a_policy_in_python_is_the_policy_s(import_folder: Path) -> None:
    met = MET._replace(outside=replace(OUTSIDE, address="mine:make"))
    hashes = []
    for text in ("h = 1", "h = 1  # the same", "h = 2"):
        (import_folder / "mine.py").write_text(text)
        forget()
        hashes.append(of_others(met)[1])
    assert hashes[0] == hashes[1] != hashes[2]
