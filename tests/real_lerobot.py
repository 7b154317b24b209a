"""The real lerobot in its own environment, as tests call it."""

from __future__ import annotations

import os
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
    """What one training and its two tests left."""

    folder: Path

    @property
    def demos(self) -> Path:
        return self.folder / "demos"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "trained/checkpoints/last/pretrained_model"

    @property
    def evaluated(self) -> Path:
        return self.folder / "evaluated/eval_info.json"

    @property
    def results(self) -> Path:
        return self.folder / "runs/id"


def train(lerobot: Lerobot, data: Path, out: Path, policy: str, *words: str) -> None:
    own = ["--dataset.repo_id=para-bench/place", f"--dataset.root={data}", "--dataset.video_backend=pyav", f"--policy.type={policy}"]
    own += ["--policy.device=cpu", "--policy.push_to_hub=false", "--batch_size=4", "--num_workers=0", "--env_eval_freq=0", "--seed=0"]
    lerobot("lerobot-train", *own, f"--output_dir={out}", *words)


def evaluate(
    lerobot: Lerobot, checkpoint: Path, out: Path, task: str, episodes: int, *words: str, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    own = [f"--policy.path={checkpoint}", "--policy.device=cpu", "--env.type=para_bench", f"--env.task={task}", f"--env.image_size={SIZE}"]
    own += [f"--eval.n_episodes={episodes}", "--eval.batch_size=1", f"--output_dir={out}"]
    return lerobot("lerobot-eval", *own, *(words or ("--seed=0",)), code=code)
