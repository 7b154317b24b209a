"""Runs programs of lerobot's environment, each in a fork of a process that has imported what they need: imports are most of their time.

Reads a line of JSON for each: `words` of the command line, `folder`, files for the output and the errors, and what to run: the console
script `words[0]`, or a `program` text. Answers with its exit code. Not for programs that start processes which import them again.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any


def main() -> None:
    for module in sys.argv[1:]:
        importlib.import_module(module)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(run(asked))
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


def run(asked: dict[str, Any]) -> int:
    """Exit code of the program."""
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, asked["out"], os.O_WRONLY), (2, asked["errors"], os.O_WRONLY)):
        os.dup2(os.open(name, flags | (os.O_CREAT | os.O_TRUNC if number else 0)), number)
    os.chdir(asked["folder"])
    sys.argv = asked["words"]
    try:
        if "program" in asked:
            exec(compile(asked["program"], "<program>", "exec"), {"__name__": "__main__"})
        else:
            (script,) = entry_points(group="console_scripts", name=Path(asked["words"][0]).name)
            script.load()()
        code: Any = 0
    except SystemExit as stop:
        code = stop.code
        if isinstance(code, str):
            print(code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


if __name__ == "__main__":
    main()
