"""What a user gets from `pip install`: a complete and small wheel, and a command that starts fast."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "para_bench"
MAX_WHEEL_BYTES = 10_000_000

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < MAX_WHEEL_BYTES


def test_wheel_has_every_file_of_the_package(names: set[str]) -> None:
    expected = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert expected - names == set()
    assert "para_bench/py.typed" in names


def test_wheel_has_the_assets(names: set[str]) -> None:
    assets = {name for name in names if name.startswith("para_bench/assets/")}
    assert "para_bench/assets/SOURCES.md" in assets
    assert any(name.endswith(".xml") for name in assets), sorted(assets)


def test_wheel_owns_no_other_root_package(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"para_bench"}


RESULTS = str(ROOT / "results/lite0_multiview")
LIGHT = {
    "--help": (["--help"], {"torch", "torchvision", "timm", "mujoco"}),
    "run --help": (["run", "--help"], {"torch", "torchvision", "timm", "mujoco"}),
    "power": (["power"], {"torch", "torchvision", "timm", "mujoco"}),
    "cache": (["cache"], {"torch", "torchvision", "timm", "mujoco"}),
    # The table of splits holds their shifts, which the simulator's modules define.
    "list": (["list"], {"torch", "torchvision", "timm"}),
    "table": (["table", RESULTS, "--split", "id"], {"torch", "torchvision", "timm"}),
    "compare": (["compare", RESULTS, "--split", "id"], {"torch", "torchvision", "timm"}),
    "watch": (["watch", RESULTS, "--once"], {"torch", "torchvision", "timm"}),
}


@pytest.mark.parametrize(("words", "heavy"), LIGHT.values(), ids=LIGHT)
def test_commands_that_only_look_load_no_torch(words: list[str], heavy: set[str]) -> None:
    code = f"""
import json, sys
from para_bench.cli import main
sys.argv = ["para-bench", *{words!r}]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print(json.dumps([code, sorted({heavy!r} & set(sys.modules))]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) in ([0, []], [None, []])
