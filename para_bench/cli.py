"""The `para-bench` command. `run_to_the_end` guards errors and signals before other imports; heavy packages load inside the commands."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from typing import Any

from para_bench.commands.parts.ends import run_to_the_end

DESCRIPTION = (
    "What decides whether a robot policy survives a moved camera, a shifted object or a new room: "
    "its action head, or what the head is told?"
)
USAGE = 2
"""Exit code for a command line that cannot be parsed, as in most programs."""


def main() -> None:
    """Entry point. An error is one line and exit code 1, or 3 from `check`, whose codes 1 and 2 are verdicts."""
    words = sys.argv[1:]
    run_to_the_end(lambda: _main(words), error_code=3 if words[:1] == ["check"] else 1)


def _main(words: list[str]) -> None:
    from para_bench.commands import COMMANDS, RENAMED, find_command
    from para_bench.types import ParaBenchError

    if not words or words[0] in ("-h", "--help"):
        print(_overview())
        sys.exit(0 if words else USAGE)
    if words[0] == "--version":
        from importlib.metadata import version

        print(f"para-bench {version('para-bench')}")
        return
    name = words[0]
    if name in RENAMED:
        print(f"para-bench: {name} is called {RENAMED[name]} now", file=sys.stderr)
        name = RENAMED[name]
    if name not in COMMANDS:
        from para_bench.text import meant

        print(f"para-bench: found {name[:80]!a}; allowed: {', '.join(COMMANDS)}{meant(name, COMMANDS)}", file=sys.stderr)
        sys.exit(USAGE)
    for before, word in pairwise(words):
        if any(letter != "\n" and (letter < " " or "\x7f" <= letter < "\xa0") for letter in word):  # would reach the terminal raw
            raise ParaBenchError(f"{before} is {word[:80]!a}; allowed: words without control characters")
        if not word or re.fullmatch(r"--[\w-]+=", word):  # an empty path would be the current folder
            raise ParaBenchError(f"{word[:-1] or before} is empty; allowed: a value")
    command = _parsed(find_command(name), name, words[1:])

    from para_bench.options import check_ranges
    from para_bench.threads import settle

    check_ranges(command)
    settle()
    command()


def _parsed(options: type, name: str, words: list[str]) -> Any:
    import tyro

    try:
        return tyro.cli(options, args=words, prog=f"para-bench {name}")
    except SystemExit as stop:
        if name == "check" and stop.code:
            raise SystemExit(3) from None  # 2 is a verdict of the gate
        raise


def _overview() -> str:
    """What `para-bench --help` prints: every command with the first line of its help, in groups."""
    from para_bench.commands import COMMANDS, GROUPS, find_command

    width = max(map(len, COMMANDS))
    lines = ["usage: para-bench COMMAND ...", "", DESCRIPTION]
    for title, group in GROUPS.items():
        lines += ["", f"{title}:"]
        lines += [f"  {name:{width}}  {(find_command(name).__doc__ or '').partition(chr(10))[0]}" for name in group]
    return "\n".join([*lines, "", "para-bench COMMAND --help tells its options. First: para-bench run --profile smoke"])
