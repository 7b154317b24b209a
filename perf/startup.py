"""CPU seconds of the commands that only look, beside those of another checkout and of what they cannot do without.

    python perf/startup.py --against ../main --repeats 3 --json startup.json

Each command runs in a process of its own, the checkouts in turn; the least of the repeats counts, so that other work on the machine
shifts both alike. The warm `run` is of a cell that each checkout has finished beforehand. `limit` is an interpreter that imports the
libraries that the command's answer is computed with (numpy for scenes, pyarrow and pandas for records) and does nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tyro
from clock import children_s

from para_bench.files import write_json

ROOT = Path(__file__).parents[1]
RESULTS = str(ROOT / "results/v1/lite0_multiview")
RUN = ("run", "--head", "para", "--split", "id", "--profile", "smoke", "--image-size", "64", "--no-videos", "--workers", "1")
COMMANDS = {
    "--help": (("--help",), "pass"),
    "run --head praa": (("run", "--head", "praa"), "import numpy"),
    "list": (("list",), "import numpy"),
    "watch": (("watch", RESULTS, "--once"), "import numpy, pyarrow.parquet"),
    "table, 113,400 records": (("table", RESULTS), "import numpy, pyarrow.parquet, pandas, scipy.special"),
    "run, finished": (RUN, "import numpy, pyarrow.parquet, pandas, scipy.special"),
}
"""Name -> words of the command, and what its limit imports."""


@dataclass(frozen=True)
class Args:
    against: tuple[Path, ...] = ()
    """Other checkouts, measured in turn with this one."""
    repeats: int = 3
    json: Path | None = None
    """Where the figures go."""


def cpu_s(code: str, words: tuple[str, ...], checkout: Path, cache: Path) -> float:
    """User and system seconds of one process and its children."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PARA_BENCH_CACHE": str(cache)}
    before = children_s()
    subprocess.run([sys.executable, "-c", code, *words], env=environment, cwd=cache, capture_output=True, check=False)
    return children_s() - before


def main(args: Args) -> None:
    checkouts = {"here": ROOT} | {str(path): path.resolve() for path in args.against}
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: Path(folder) / str(index) for index, name in enumerate(checkouts)}
        for name, home in homes.items():
            home.mkdir()
            cpu_s(CLI, RUN, checkouts[name], home)  # finishes the cell
        found: dict[str, dict[str, float]] = {}
        for name, (words, libraries) in COMMANDS.items():
            seconds: dict[str, list[float]] = {}
            for _ in range(args.repeats):
                seconds.setdefault("limit", []).append(cpu_s(libraries, (), ROOT, homes["here"]))
                for checkout, path in checkouts.items():
                    seconds.setdefault(checkout, []).append(cpu_s(CLI, words, path, homes[checkout]))
            found[name] = {column: round(min(each), 3) for column, each in seconds.items()}
    columns = ["limit", *checkouts]
    print(f"{'CPU s, least of ' + str(args.repeats):26}" + "".join(f"{column[-12:]:>14}" for column in columns))
    for name, row in found.items():
        print(f"{name:26}" + "".join(f"{row[column]:14.2f}" for column in columns))
    if args.json:
        write_json(args.json, {"unit": "CPU seconds", "repeats": args.repeats, "commands": found})


CLI = "from para_bench.cli import main; main()"

if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
