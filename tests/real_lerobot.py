"""The real lerobot in its own environment, as tests call it."""

from __future__ import annotations

import json
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


PRELOADED = (
    *("lerobot.scripts.lerobot_train", "lerobot.scripts.lerobot_eval", "lerobot.policies.factory", "accelerate", "datasets"),
    *("para_bench.cli", "para_bench.runs", "para_bench.rollouts.rollout", "para_bench.lerobot_data.export"),
)
OURS = "from para_bench.cli import main; main()"


@dataclass
class Done:
    """A program that has ended."""

    stdout: str
    stderr: str
    returncode: int


class Lerobot:
    """Programs of its environment, with this checkout and its plug-ins, and no way to a hub."""

    def __init__(self, folder: Path, plugins: Path) -> None:
        self._folder, self._forks = folder, None
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = {"PYTHONPATH": f"{ROOT}{os.pathsep}{plugins}", "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        quiet = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        self.environment = kept | own | quiet
        self._count = 0

    def __call__(self, *words: object, folder: Path | None = None, code: int | None = 0, **more: str) -> Done:
        """Run a console script; `code` is what it has to end with, None for anything."""
        out, errors = (self._folder / f"{self._count}.{end}" for end in ("out", "err"))
        self._count += 1
        asked = {"words": list(map(str, words)), "folder": str(folder or self._folder), "out": str(out), "errors": str(errors), **more}
        forks = self._started()
        assert forks.stdin
        assert forks.stdout
        forks.stdin.write(json.dumps(asked) + "\n")
        forks.stdin.flush()
        done = Done(returncode=json.loads(forks.stdout.readline()), stdout=out.read_text(), stderr=errors.read_text())
        assert code in (None, done.returncode), f"{asked['words']}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done

    def ours(self, *words: object, folder: Path | None = None, code: int | None = 0) -> Done:
        """`para-bench` there."""
        return self("para-bench", *words, folder=folder, code=code, program=OURS)

    def code(self, program: str, *words: object) -> str:
        """What a program prints; a warning is an error in it."""
        return self("-c", *words, program=f"import warnings; warnings.simplefilter('error', UserWarning)\n{program}").stdout

    def apart(self, *words: object) -> str:
        """What a program prints that runs in a process of its own, as one has to that starts others."""
        command = [str(VENV / "bin" / str(words[0])), *map(str, words[1:])]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def close(self) -> None:
        if self._forks is not None:
            self._forks.kill()
            self._forks.wait()

    def _started(self) -> subprocess.Popen[str]:
        if self._forks is None:
            command = [str(VENV / "bin/python"), str(ROOT / "tests/lerobot_forks.py"), *PRELOADED]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self._forks = subprocess.Popen(command, env=self.environment, text=True, **pipes)
            assert self._forks.stdout
            while (line := self._forks.stdout.readline().strip()) != "ready":
                assert line or self._forks.poll() is None, "what is preloaded cannot be imported"
        return self._forks


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


def evaluate(lerobot: Lerobot, checkpoint: Path, out: Path, *words: str, code: int | None = 0) -> Done:
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
    "export-lerobot": ["--cameras", "each"],
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
