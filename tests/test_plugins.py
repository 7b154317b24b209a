"""Rows of other packages, and heads named by an import path: found, imported when asked for, named in errors, hashed into results."""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from para_bench import backbones
from para_bench.backbones import BACKBONES
from para_bench.backbones.create import create_backbone
from para_bench.benchmarks import splits
from para_bench.benchmarks.conditions import CONTROL
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.scenes import test_scene as scene_of
from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.heads import HEADS, find_head
from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.plugins import Fence, Plugin, Table, installed, named, torch_settings
from para_bench.records import read
from para_bench.report.checkpoints import weights_hash
from para_bench.rollouts.config import RunConfig
from para_bench.types import FeatureSpec, ParaBenchError

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/PLUGINS.md"
SPEC = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4))


@pytest.fixture
def folder(import_folder: Path) -> Path:
    return import_folder


def install(folder: Path, name: str, *points: str, group: str = "para_bench.heads") -> None:
    """What pip leaves of a distribution that has entry points."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *points]) + "\n")
    installed.cache_clear()


def table() -> Table[object]:
    return Table("head", {"para": "ours"}, reserved=("kept",))


def test_rows_of_packages_follow_and_are_imported_when_asked_for(folder: Path) -> None:
    install(folder, "rows", "zeta = rows_of_mine:Z", "alpha = rows_of_mine:A")
    rows = table()
    assert list(rows) == ["para", "alpha", "zeta"]
    assert "zeta" in rows
    assert len(rows) == 3
    assert rows.plugins["alpha"].distribution == "rows 1.0"
    with pytest.raises(
        ParaBenchError, match=r"head 'alpha' \(rows_of_mine:A of the package rows 1\.0\) cannot be imported: ModuleNotFound"
    ):
        rows["alpha"]
    (folder / "rows_of_mine.py").write_text("A, Z = 'a', 'z'\n")
    assert (rows["alpha"], rows["zeta"], rows["para"], rows.get("nobody")) == ("a", "z", "ours", None)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (["para = rows:A"], r"head 'para' \(rows:A of the package one 1\.0\) has the name of a built-in head"),
        (["kept = rows:A"], "'kept' .* built-in"),
        (["a/b = rows:A"], "allowed: letters, digits, and _ . - within"),
    ],
)
def test_a_name_that_is_taken_is_an_error_and_overrides_nothing(points: list[str], words: str, folder: Path) -> None:
    install(folder, "one", *points)
    rows = table()
    assert rows["para"] == "ours"
    with pytest.raises(ParaBenchError, match=words):
        list(rows)


def test_a_task_is_made_of_the_class_that_is_named_and_has_the_name_of_its_entry_point(folder: Path) -> None:
    install(
        folder,
        "tasks",
        "mine = my_tasks:Mine",
        "made = my_tasks:MADE",
        "other = my_tasks:Mine",
        "broken = my_tasks:Broken",
        group="para_bench.tasks",
    )
    code = "class Mine:\n    name = 'mine'\nMADE = Mine()\nMADE.name = 'made'\nclass Broken:\n    def __init__(self, size): ...\n"
    (folder / "my_tasks.py").write_text(code)
    rows: Table[Any] = Table("task", {}, named)
    assert (rows["mine"].name, rows["made"].name) == ("mine", "made")
    assert not isinstance(rows["mine"], type)
    with pytest.raises(ParaBenchError, match=r"has the attribute name = 'mine'; allowed: 'other', the name of its entry point"):
        rows["other"]
    with pytest.raises(ParaBenchError, match=r"task 'broken' .*: making it raised TypeError"):
        rows["broken"]


def test_two_packages_with_one_name_are_an_error(folder: Path) -> None:
    install(folder, "one", "a = rows:A")
    install(folder, "two", "a = rows:B")
    with pytest.raises(ParaBenchError, match=r"of the package two 1\.0\) has the name of head 'a' \(rows:A of the package one 1\.0\)"):
        list(table())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("no_such_module:Head", "cannot be imported: ModuleNotFoundError: No module named 'no_such_module'; allowed: a module on sys.path"),
        ("mine:Nobody", "cannot be imported: AttributeError: module 'mine' has no attribute 'Nobody'"),
        ("mine:Head:Head", "is no import path; allowed: module:Class"),
        ("mine/head.py:Head", "is no import path"),
        ("mine:number", "is a int; allowed: a class of heads"),
        ("wrong:Head", r"cannot be imported: ZeroDivisionError: division by zero \(wrong.py:2\)"),
        ("garbled:Head", r"cannot be imported: SyntaxError: .*garbled.py, line 1"),
        ("ends:Head", "cannot be imported: SystemExit: 3"),
    ],
)
def test_an_import_path_that_leads_nowhere_says_why(path: str, words: str, folder: Path) -> None:
    (folder / "mine.py").write_text("number = 3\n")
    (folder / "wrong.py").write_text("\n1 / 0\n")
    (folder / "garbled.py").write_text("def head(:\n")
    (folder / "ends.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(ParaBenchError, match=words) as told:
        RunConfig("id", (path,), PROFILES["smoke"]).check()
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit(0)", r"cannot be imported: SystemExit: 0 \(mine.py:1\)"),
        ("raise RecursionError('deep')", r"cannot be imported: RecursionError: deep"),
        ("class Own(BaseException): ...\nraise Own('x')", r"cannot be imported: Own: x \(mine.py:2\)"),
        ("raise ValueError('\\x1b[31mred')", r"cannot be imported: ValueError: \\x1b\[31mred"),
        ("import torch; torch.set_default_dtype(torch.float64)", "changes torch's default dtype when it is imported"),
        ("import torch; torch.use_deterministic_algorithms(True)", "changes torch's deterministic algorithms when it is imported"),
    ],
)
def test_whatever_an_import_does_is_one_line(code: str, words: str, folder: Path) -> None:
    before = torch_settings()
    (folder / "mine.py").write_text(f"{code}\nclass Head: ...\n")
    with pytest.raises(ParaBenchError, match=words) as told:
        find_head("mine:Head")
    assert "\n" not in str(told.value)
    assert {name: value for name, (value, _) in torch_settings().items()} == {name: value for name, (value, _) in before.items()}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import sys; sys.exit(0)", r"^head 'mine:make': making it raised SystemExit: 0 \(mine.py:2\)$"),
        ("return spec.width", r"^head 'mine:make': making it raised AttributeError: 'FeatureSpec' object has no attribute 'width'"),
        ("return 3", r"^head 'mine:make' makes a int; allowed: a torch.nn.Module$"),
    ],
)
def test_making_a_head_is_fenced(body: str, words: str, folder: Path) -> None:
    (folder / "mine.py").write_text(f"def make(spec, config):\n    {body}\n")
    with pytest.raises(ParaBenchError, match=words):
        create_head("mine:make", SPEC, HeadConfig())


def test_the_outputs_are_those_of_before_and_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mine.py").write_text("import sys\ndef swap():\n    sys.stdout = None\ndef close():\n    sys.stdout.close()\n")
    monkeypatch.setattr(sys, "stdout", kept := io.StringIO())
    fence = Plugin("head", "mine:swap", "mine:swap").fence
    fence("making it", find_head("mine:swap"))
    assert sys.stdout is kept
    with pytest.raises(
        ParaBenchError, match=r"^head 'mine:swap': making it closed the standard output or error; allowed: to leave them open$"
    ):
        fence("making it", find_head("mine:close"))


def test_a_module_in_an_archive_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("packed_head.py", "class Head: ...\n")
    monkeypatch.syspath_prepend(str(folder / "packed.zip"))
    with pytest.raises(ParaBenchError, match=r"^head 'packed_head:Head' lies in no file of its own, .* allowed: a module in a folder$"):
        find_head("packed_head:Head")


def test_a_head_of_an_import_path_is_made(folder: Path) -> None:
    (folder / "mine.py").write_text("from para_bench.heads.para import Para\nclass Mine(Para): ...\n")
    made = create_head("mine:Mine", SPEC, HeadConfig(width=8))
    assert (type(made).__name__, made.spec, made.config.width) == ("Mine", SPEC, 8)


def test_ctrl_c_no_memory_and_our_own_errors_pass_a_fence() -> None:
    fence = Fence("head 'x'", "somewhere.else")

    def fails(error: BaseException) -> None:
        raise error

    for error in (KeyboardInterrupt(), MemoryError()):
        with pytest.raises(type(error)):
            fence("loss", fails, error)
    with pytest.raises(ParaBenchError, match=r"^the disk is full$"):
        fence("loss", fails, ParaBenchError("the disk is full"))
    with pytest.raises(ValueError, match="ours"):  # a bug of ours keeps its traceback
        Fence("head 'x'", "para_bench.heads.para")("loss", fails, ValueError("ours"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("tiny = 3", "is a int; allowed: a para_bench.backbones.BackboneRow"),
        ("tiny = BackboneRow('no_such_model')", "timm has no model 'no_such_model'"),
        ("tiny = BackboneRow('test_vit', asset='x')", "states asset or made_by; allowed: a package, the hub"),
        ("import sys; sys.exit(0)", "cannot be imported: SystemExit: 0"),
    ],
)
def test_a_backbone_that_is_none_is_one_line(row: str, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mine.py").write_text(f"from para_bench.backbones import BackboneRow\n{row}\n")
    install(folder, "extra", "tiny = mine:tiny", group="para_bench.backbones")
    fresh = Table("backbone", BACKBONES.builtin, backbones._prepare)
    for module in ("para_bench.backbones", "para_bench.backbones.create"):
        monkeypatch.setattr(f"{module}.BACKBONES", fresh)
    with pytest.raises(ParaBenchError, match=words) as told:
        create_backbone("tiny", 64, pretrained=False)
    assert "\n" not in str(told.value)


def test_a_backbone_of_a_package_is_fenced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mine.py").write_text(
        "from timm.models import register_model\nfrom timm.models.resnet import resnet10t\n"
        "from para_bench.backbones import BackboneRow\n"
        "@register_model\ndef breaks_mine(pretrained=False, **options):\n    model = resnet10t(**options)\n"
        "    whole = model.forward_intermediates\n"
        "    def later(x, *args, **more):\n        if x.mean() > 0:\n            raise IndexError('no such map')\n"
        "        return whole(x, *args, **more)\n"
        "    model.forward_intermediates = later\n    return model\n"
        "tiny = BackboneRow('breaks_mine')\n"
    )
    install(folder, "extra", "tiny = mine:tiny", group="para_bench.backbones")
    fresh = Table("backbone", BACKBONES.builtin, backbones._prepare)
    for module in ("para_bench.backbones", "para_bench.backbones.create"):
        monkeypatch.setattr(f"{module}.BACKBONES", fresh)
    made = create_backbone("tiny", 64, pretrained=False, frozen=False)
    with pytest.raises(ParaBenchError, match=r"^backbone 'tiny' .*: forward raised IndexError: no such map \(mine.py:10\)$"):
        made(torch.ones(1, 3, 64, 64))


def test_the_hash_of_weights_is_of_weights_alone_but_for_older_checkpoints(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    hashes = []
    for files in ({"heads/para.py": "a"}, {"heads/para.py": "b"}, {"plugin/a.py": "a"}, {"plugin/a.py": "b"}):
        for older in (True, False):
            (tmp_path / "config.json").write_text(json.dumps({"state": {"sources": files}} | ({} if older else {"format": 2})))
            hashes.append(weights_hash(tmp_path))
    assert len({*hashes[:4], *hashes[5::2]}) == 1
    assert len(set(hashes)) == 3  # as the records of older plug-ins have it


# The page's own example, installed beside an environment as pip does it, and used as a user would.


def block(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)[number]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the page's package is installed into."""
    source, target = tmp_path_factory.mktemp("small-head"), tmp_path_factory.mktemp("site")
    (source / "pyproject.toml").write_text(block("toml"))
    (source / "small_head.py").write_text(block("python"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target", str(target), str(source)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return target


def para_bench(*words: str, cwd: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    """As the console command: the current folder is not on sys.path."""
    command = [sys.executable, "-P", "-c", "from para_bench.cli import main; main()", *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (path, str(ROOT)))), "COLUMNS": "400"}
    environment["PARA_BENCH_CACHE"] = str(cwd.parent / "plugins_cache")
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=280, check=False, env=environment)


def test_the_page_s_commands_are_those_that_are_run_here() -> None:
    assert block("console", 1).splitlines() == [
        "pip install .",
        "para-bench list",
        "para-bench test-head mean_pool",
        "para-bench run --head mean_pool --split id --profile smoke",
    ]


@pytest.mark.integration
def test_the_page_s_example_is_listed_and_keeps_every_rule(site: Path, tmp_path: Path) -> None:
    listed = para_bench("list", cwd=tmp_path, path=str(site)).stdout
    assert re.search(r"mean_pool +│ RGB +│ Mean of every feature map", listed)
    assert "(plug-in of small-head 0.1.0)" in listed
    assert "mean_pool" not in para_bench("list", cwd=tmp_path).stdout
    checked = para_bench("test-head", "mean_pool", cwd=tmp_path, path=str(site))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("mean_pool: all 16 rules kept\n")


HEAD = "small_head:MeanPool"
RUN = ("run", "--head", HEAD, "--split", "id", "--profile", "smoke", "--episodes", "5", "--steps", "4", "--workers", "2")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's head as a plain file, trained and rolled out in worker processes."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "small_head.py").write_text(block("python"))
    done = para_bench(*RUN, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.integration
def test_a_head_of_the_current_folder_runs_like_one_of_ours(finished: Path) -> None:
    runs = finished / "runs"
    assert {r.head for r in read(runs / "id/episodes.jsonl")} == {HEAD, "oracle", "noop", "random", "threshold"}
    assert len(list((runs / "checkpoints").glob("small_head-MeanPool-default-3-s0-*"))) == 1
    assert len(list((runs / "id/videos").glob("small_head-MeanPool-id-0-*.mp4"))) == 1
    assert "SAME" in para_bench("replay", "runs", f"id/id/0/1/{HEAD}/0", "--beside", "oracle", cwd=finished).stdout


@pytest.mark.integration
@pytest.mark.parametrize(
    "words",
    [
        ("compare", "runs/id", "--head", HEAD, "--others", "oracle"),
        ("table", "runs", "--heads", HEAD, "oracle", "--format", "latex", "--standalone"),
        ("figures", "runs", "--heads", HEAD, "oracle", "--strip"),
    ],
    ids=lambda words: words[0],
)
def test_its_records_are_reported_like_ours(finished: Path, words: tuple[str, ...]) -> None:
    done = para_bench(*words, cwd=finished)
    assert done.returncode == 0, (done.stdout, done.stderr)


@pytest.mark.integration
def test_an_edited_head_is_trained_and_rolled_out_again(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    (tmp_path / "small_head.py").write_text(block("python") + "\n# a comment alone\n")
    same = para_bench(*RUN, "--no-videos", cwd=tmp_path)
    assert (same.returncode, len(read(tmp_path / "runs/id/episodes.jsonl"))) == (0, 5 * 5)
    assert "is trained again" not in same.stdout + same.stderr
    (tmp_path / "small_head.py").write_text(block("python") + "\nEDITED = True\n")
    again = para_bench(*RUN, "--no-videos", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "small_head-MeanPool-default-3-s0 is trained again: plugin/small_head.py changed" in again.stdout + again.stderr
    assert len(read(tmp_path / "runs/id/episodes.jsonl")) == 5 * 5 + 5  # its own once more


@pytest.mark.integration
def test_a_head_that_is_gone_is_told_and_its_records_stay(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "runs", tmp_path / "runs")
    gone = para_bench(*RUN, cwd=tmp_path)
    assert (gone.returncode, len(gone.stderr.splitlines())) == (1, 1)
    assert "No module named 'small_head'" in gone.stderr
    assert para_bench("site", "runs", cwd=tmp_path).returncode == 0  # records need no code


@pytest.mark.integration
def test_an_installed_head_runs_under_its_short_name(site: Path, tmp_path: Path) -> None:
    words = ("run", "--head", "mean_pool", "--split", "id", "--profile", "smoke", "--steps", "4", "--no-videos")
    done = para_bench(*words, cwd=tmp_path, path=str(site))
    assert done.returncode == 0, done.stderr
    assert {r.head for r in read(tmp_path / "runs/id/episodes.jsonl")} == {"mean_pool", "oracle", "noop", "random", "threshold"}
    lacking = para_bench(*words, cwd=tmp_path)
    assert lacking.returncode == 1
    assert "head 'mean_pool' is unknown; allowed: para, " in lacking.stderr
    assert lacking.stderr.strip().endswith("threshold, or module:Class")


@pytest.mark.integration
def test_a_head_that_lies_about_what_it_sees_is_not_trained(tmp_path: Path) -> None:
    source = block("python").replace("look.state], 1)", "look.state + look.world_from_camera[:, 0, :1]], 1)")
    (tmp_path / "small_head.py").write_text(source)
    done = para_bench("run", "--head", "small_head:MeanPool", "--split", "id", "--profile", "smoke", cwd=tmp_path)
    assert done.returncode == 1
    assert "sees says 'RGB' but the prediction changes with the camera" in done.stderr.strip().splitlines()[-1]
    assert not (tmp_path / "runs/demonstrations").exists()


def test_the_page_s_split_and_backbone_do_what_it_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "my_rows.py").write_text(block("python", 1))
    for group, points in tomllib.loads(block("toml", 1))["project"]["entry-points"].items():
        install(folder, group.replace(".", "-"), *(f"{name} = {path}" for name, path in points.items()), group=group)
    monkeypatch.setattr(splits, "SPLITS", Table("split", SPLITS.builtin, splits._prepare))
    fresh = Table("backbone", BACKBONES.builtin, backbones._prepare)
    for module in ("para_bench.backbones", "para_bench.backbones.create"):
        monkeypatch.setattr(f"{module}.BACKBONES", fresh)
    split = find_split("bumped")
    assert [condition.level for condition in split.conditions] == ["1", "3", "5"]
    for condition in split.conditions:
        before, after = scene_of(split, CONTROL, 0), scene_of(split, condition, 0)
        moved = [b - a for a, b in zip(before.camera.position, after.camera.position, strict=True)]
        assert math.hypot(*moved) == pytest.approx(int(condition.level) / 100)
        assert replace(after, camera=before.camera) == before
    made = create_backbone("mobilenet", 64, pretrained=False)
    assert [level.shape[-1] for level in made(torch.rand(1, 3, 64, 64)).maps] == [64 // stride for stride in (8, 16, 32)]


SPLIT_AND_BACKBONE = """
from para_bench.backbones import BackboneRow
from para_bench.benchmarks.conditions import Condition, Split, TrainingSet

def here():
    return Split("right_here", "in distribution, once more", ())

def apart():
    return Split("apart", "two trainings", (Condition("demos", "4", lambda scene, *_: scene, training=TrainingSet(demos=4)),))

tiny = BackboneRow("test_vit")
"""


@pytest.mark.slow
def test_splits_and_backbones_of_packages_are_rows_in_every_process(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "extras.py").write_text(SPLIT_AND_BACKBONE)
    install(site, "extra-splits", "right_here = extras:here", "wrong_name = extras:here", "apart = extras:apart", group="para_bench.splits")
    install(site, "extra-backbones", "tiny = extras:tiny", "gone = no_module:row", group="para_bench.backbones")
    listed = para_bench("list", cwd=tmp_path, path=str(site)).stdout
    for text in (
        "right_here",
        "(plug-in of extra-splits 1.0)",
        "gives a split named 'right_here'",
        "apart",
        "(plug-in of extra-backbones 1.0)",
    ):
        assert text in listed
    assert "cannot be imported: ModuleNotFoundError" in listed
    weights = tmp_path / "tiny.safetensors"
    make = "import timm, safetensors.torch as s; s.save_file(timm.create_model('test_vit').state_dict(), 'tiny.safetensors')"
    subprocess.run([sys.executable, "-c", make], cwd=tmp_path, check=True)
    words = (
        "run",
        "--split",
        "right_here",
        "--profile",
        "smoke",
        "--head",
        "global_token",
        "--steps",
        "2",
        "--episodes",
        "9",
        "--no-videos",
    )
    done = para_bench(*words, "--backbone", "tiny", "--backbone-weights", str(weights), "--workers", "2", cwd=tmp_path, path=str(site))
    assert done.returncode == 0, done.stderr
    found = read(tmp_path / "runs/right_here/episodes.jsonl")
    assert {(r.backbone, r.split) for r in found if r.checkpoint_hash} == {("tiny", "right_here")}
    state = json.loads((tmp_path / "runs/right_here/state.json").read_text())
    assert "plugin/extras.py" in state["sources"]
    unknown = para_bench("run", "--backbone", "gone", cwd=tmp_path, path=str(site))
    assert unknown.stderr.startswith("para-bench: backbone 'gone' (no_module:row of the package extra-backbones 1.0) cannot be imported")


@pytest.mark.slow
def test_a_package_that_takes_the_name_of_a_built_in_row_stops_the_command(tmp_path: Path) -> None:
    for kind, name in (
        ("head", "para"),
        ("head", "oracle"),
        ("split", "novel_view"),
        ("split", "checkpoints"),
        ("backbone", "dinov2_vits14"),
    ):
        site = tmp_path / f"{kind}-{name}"
        site.mkdir()
        install(site, "taken", f"{name} = anything:Thing", group=f"para_bench.{kind}s")
        done = para_bench("run", "--split", "novel_view", "--profile", "smoke", cwd=tmp_path, path=str(site))
        assert done.returncode == 1, name
        assert (len(done.stderr.splitlines()), "has the name of a" in done.stderr) == (1, True), done.stderr
        assert "of the package taken 1.0" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_recipe_names_the_plug_in_it_was_made_from() -> None:
    plugin = Plugin("head", "x", "a.b:C", "pack 1.0")
    assert (plugin.module, str(plugin)) == ("a.b", "head 'x' (a.b:C of the package pack 1.0)")
    assert str(replace(plugin, distribution="")) == "head 'x'"
    assert find_head("para") is HEADS["para"]
