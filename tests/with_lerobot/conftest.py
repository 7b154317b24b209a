"""One training of the real lerobot, tested on both routes, that the tests here look at."""

from __future__ import annotations

import subprocess

import pytest
from real_lerobot import ROOT, SIZE, TIMEOUT_S, VENV, Lerobot, Work, evaluate, train


@pytest.fixture(scope="session")
def lerobot(tmp_path_factory: pytest.TempPathFactory) -> Lerobot:
    if not (VENV / ".installed").exists():
        pytest.skip(f"no lerobot in {VENV}; `make lerobot` installs it")
    plugins = tmp_path_factory.mktemp("plugins")
    found = [path for path in sorted((ROOT / "plugins").iterdir()) if (path / "pyproject.toml").exists()]
    command = [VENV / "bin/python", "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", plugins, *found]
    subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
    return Lerobot(plugins, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def work(lerobot: Lerobot, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """Two demonstrations from two cameras, a training of `para` of a few steps, and two scenes on either route."""
    made = Work(tmp_path_factory.mktemp("work"))
    lerobot.ours("demos", "--n", 2, "--image-size", SIZE, "--out", made.demos)
    lerobot.ours("export-lerobot", made.demos, "--out", made.data, "--image-size", SIZE, "--cameras", 2)
    train(lerobot, made.data, made.folder / "trained", "para", f"--policy.image_size={SIZE}", "--steps=4")
    evaluate(lerobot, made.checkpoint, made.evaluated.parent, "place/id/id/0", 2)
    words = ["--policy", f"lerobot:{made.checkpoint}", "--split", "id", "--episodes", 2, "--image-size", SIZE]
    lerobot.ours("run", *words, "--no-videos", "--workers", 1, "--out", made.folder / "runs")
    return made
