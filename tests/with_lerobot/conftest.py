"""What the commands of docs/LEROBOT.md leave, once a session."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from real_lerobot import ROOT, TIMEOUT_S, VENV, Lerobot, Work, commands, smaller


@pytest.fixture(scope="session")
def lerobot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lerobot]:
    if not (VENV / ".installed").exists():
        pytest.skip(f"no lerobot in {VENV}; `make lerobot` installs it")
    plugins = tmp_path_factory.mktemp("plugins")
    found = [path for path in sorted((ROOT / "plugins").iterdir()) if (path / "pyproject.toml").exists()]
    command = [VENV / "bin/python", "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", plugins, *found]
    subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
    made = Lerobot(tmp_path_factory.mktemp("lerobot"), plugins)
    yield made
    made.close()


@pytest.fixture(scope="session")
def work(lerobot: Lerobot, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """The page's commands one after the other: two demonstrations from two cameras, trainings of two steps, two scenes on either route."""
    made = Work(tmp_path_factory.mktemp("work"))
    for words in map(smaller, commands()):
        done = lerobot.ours(*words[1:], folder=made.folder) if words[0] == "para-bench" else lerobot(*words, folder=made.folder)
        if "table" in words:
            assert "act_of_lerobot" in done.stdout
    return made
