"""What a user gets from `pip install`: a complete and small wheel, and a command that starts fast."""

from __future__ import annotations

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


RESULTS = str(ROOT / "results/v1/lite0_multiview")
HEAVY = ("torch", "torchvision", "timm", "mujoco", "scipy.stats", "statsmodels", "matplotlib", "onnxruntime", "onnx", "onnxscript")
"""What takes a tenth of a second and more to import; `gymnasium` takes a twentieth and comes with every module of `envs`."""
LIGHT = {
    "--help": ["--help"],
    "run --help": ["run", "--help"],
    "power": ["power"],
    "cache": ["cache"],
    "list": ["list"],
    "table": ["table", RESULTS, "--split", "id"],
    "watch": ["watch", RESULTS, "--once"],
    "a misspelt head": ["run", "--head", "praa"],
    "a misspelt split": ["run", "--split", "novel_veiw"],
    "a misspelt task": ["run", "--task", "plcae"],
    "a misspelt backbone": ["run", "--backbone", "efficientnet_lite"],
    "a misspelt device": ["run", "--device", "cuad"],
    "a misspelt decoding": ["run", "--decode", "argmin"],
    "a misspelt suite": ["suite", "smok"],
}
COMPUTES = {"power": {"scipy.stats"}}
"""Power is computed with the distributions of scipy."""


def imported(words: list[str], cwd: Path | None = None) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    """Modules that a command imports, as `python -X importtime` tells them."""
    command = [sys.executable, "-X", "importtime", "-c", "from para_bench.cli import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd, check=False)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}, done


@pytest.mark.parametrize("name", LIGHT)
def test_commands_that_only_look_import_nothing_that_computes(name: str) -> None:
    modules, done = imported(LIGHT[name])
    assert done.returncode == int("misspelt" in name), done.stderr[-500:]
    assert "para_bench.commands" in modules
    assert modules & (set(HEAVY) - COMPUTES.get(name, set())) == set()


def test_comparing_loads_neither_torch_nor_the_simulator() -> None:
    modules, done = imported(["compare", RESULTS, "--split", "id"])
    assert done.returncode == 0, done.stderr[-500:]
    assert modules & {"torch", "torchvision", "timm", "mujoco"} == set()
