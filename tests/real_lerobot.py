"""The real lerobot in its own environment, as tests call it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
VENV = Path(os.environ.get("LEROBOT_VENV", CACHE / "para-bench/lerobot"))
TIMEOUT_S = 300
SIZE = 32
"""Side of the pictures [px]."""


@dataclass(frozen=True)
class Lerobot:
    """Its programs, with this checkout and its plug-ins, and no way to a hub."""

    plugins: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = {"PYTHONPATH": f"{ROOT}{os.pathsep}{self.plugins}", "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        quiet = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(self.home), "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        return kept | own | quiet

    def __call__(self, *words: object, folder: Path | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; `code` is what it has to end with, None for anything."""
        command = [str(VENV / "bin" / str(words[0])), *map(str, words[1:])]
        done = subprocess.run(command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        assert code is None or done.returncode == code, done.stdout[-2000:] + done.stderr[-4000:]
        return done

    def ours(self, *words: object, folder: Path | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """`para-bench` there."""
        return self("python", "-m", "para_bench", *words, folder=folder, code=code)

    def code(self, program: str, *words: object) -> str:
        """What a program prints; a warning is an error in it."""
        return self("python", "-W", "error::UserWarning", "-c", program, *words).stdout


@dataclass(frozen=True)
class Work:
    """A folder in which the commands of docs/LEROBOT.md ran."""

    folder: Path

    @property
    def demos(self) -> Path:
        return self.folder / "demos"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def checkpoint(self) -> Path:
        """Of lerobot's ACT."""
        return self.folder / "trained/checkpoints/last/pretrained_model"

    @property
    def para(self) -> Path:
        return self.folder / "trained_para/checkpoints/last/pretrained_model"

    @property
    def evaluated(self) -> Path:
        """lerobot-eval's own file."""
        return self.folder / "evaluated/eval_info.json"

    @property
    def results(self) -> Path:
        return self.folder / "runs/id"


def evaluate(lerobot: Lerobot, checkpoint: Path, out: Path, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    own = [f"--policy.path={checkpoint}", "--policy.device=cpu", "--env.type=para_bench", f"--env.image_size={SIZE}"]
    own += ["--eval.n_episodes=2", "--eval.batch_size=1", f"--output_dir={out}"]
    return lerobot("lerobot-eval", *own, *words, code=code)


def commands() -> list[list[str]]:
    """Of docs/LEROBOT.md, as they stand there."""
    page = (ROOT / "docs/LEROBOT.md").read_text()
    return [shlex.split(line) for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]


_SMALLER = {"200": "2", "96": str(SIZE), "100": "2", "20000": "2", "2000": "2", "16": "4"}
_SMALLER |= {"place/novel_view/15": "place/id/id/0", "novel_view": "id"}
_NO_GPU_AND_NO_HUB = ["--policy.device=cpu", "--num_workers=0", "--env_eval_freq=0", "--dataset.video_backend=pyav"]
_ALSO = {
    "act": [*_NO_GPU_AND_NO_HUB, "--policy.pretrained_backbone_weights=null", "--policy.dim_model=32", "--policy.dim_feedforward=32"],
    "para": [*_NO_GPU_AND_NO_HUB, f"--policy.image_size={SIZE}"],
    "lerobot-eval": ["--policy.device=cpu"],
    "run": ["--episodes", "2", "--no-videos", "--workers", "1"],
    "export-lerobot": ["--cameras", "2"],
    "demos": ["--image-size", str(SIZE)],
}


def smaller(words: list[str]) -> list[str]:
    """The same command with numbers for a test."""
    found = []
    for word in words:
        name, equals, value = word.rpartition("=")
        found.append(f"{name}{equals}{_SMALLER.get(value, value)}")
    type_ = next((word.rpartition("=")[2] for word in words if word.startswith("--policy.type=")), "")
    return found + _ALSO.get(type_ or (words[1] if words[0] == "para-bench" else words[0]), [])
