"""The `para-bench` command. `run_to_the_end` guards errors and signals before other imports; heavy packages load inside the commands."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from inspect import cleandoc
from typing import TYPE_CHECKING, Annotated, Any

from para_bench.commands.ending.ends import run_to_the_end

if TYPE_CHECKING:
    from tyro.constructors import ConstructorRegistry, StructFieldSpec

DESCRIPTION = "What decides whether a robot policy survives a moved camera or a new room: its action head, or the calibration it is given?"
USAGE = 2
"""Exit code for a command line that cannot be parsed, as in most programs."""


def main() -> None:
    """Entry point. An error is one line and exit code 1, or 3 from `check`, whose codes 1 and 2 are verdicts."""
    words = sys.argv[1:]
    run_to_the_end(lambda: _main(words), error_code=3 if words[:1] == ["check"] else 1)


def _main(words: list[str]) -> None:
    from para_bench.commands import COMMANDS, RENAMED, find_command

    if words[:1] == ["help"]:  # as in other programs, `help run` is `run --help`
        words = [*words[1:2], "--help"]
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
    from para_bench.command_line import check_emptied, check_words, options_in

    check_words(words)
    given = options_in(words)
    command = _parsed(find_command(name), name, words[1:])

    from para_bench.options import check_ranges
    from para_bench.threads import settle

    check_emptied(command, given)
    check_ranges(command)
    settle()
    command()


def _parsed(options: type, name: str, words: list[str]) -> Any:
    import tyro

    from para_bench.command_line import one_line

    said = _joined(cleandoc(options.__doc__ or ""))
    shown = {"prog": f"para-bench {name}", "description": said, "config": (tyro.conf.DisallowNone,), "registry": _help_texts()}
    try:
        return one_line(lambda: tyro.cli(options, args=words, **shown), name)
    except SystemExit as stop:
        if name == "check" and stop.code:
            raise SystemExit(3) from None  # 2 is a verdict of the gate
        raise


def _help_texts() -> ConstructorRegistry:
    """How tyro shows an option: its docstring without the line breaks of the source, its default only where there is one."""
    from tyro.conf import arg
    from tyro.constructors import ConstructorRegistry, StructConstructorSpec, StructTypeInfo

    registry, busy = ConstructorRegistry(), []
    hint = arg(help_behavior_hint=lambda default: "" if default in ("", "''", "None") else f"(default: {default})")

    @registry.struct_rule
    def shown(info: StructTypeInfo) -> StructConstructorSpec | None:
        if busy:  # asked by the next lines: tyro's own rule answers
            return None
        busy.append(info)
        found = ConstructorRegistry.get_struct_spec(info)
        busy.clear()
        if not isinstance(found, StructConstructorSpec):
            return None
        fields = (replace(field, type=Annotated[field.type, hint], helptext=partial(_help_of, field)) for field in found.fields)
        return replace(found, fields=tuple(fields))

    return registry


def _help_of(field: StructFieldSpec) -> str | None:
    text = field.helptext() if callable(field.helptext) else field.helptext
    return text and _joined(text)


def _joined(text: str) -> str:
    """One line a paragraph."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _overview() -> str:
    """What `para-bench --help` prints: every command with the first line of its help, in groups."""
    from para_bench.commands import COMMANDS, GROUPS, find_command

    width = max(map(len, COMMANDS))
    lines = ["usage: para-bench COMMAND ...", "", DESCRIPTION]
    for title, group in GROUPS.items():
        lines += ["", f"{title}:"]
        lines += [f"  {name:{width}}  {(find_command(name).__doc__ or '').partition(chr(10))[0]}" for name in group]
    return "\n".join([*lines, "", "para-bench COMMAND --help tells its options. First: para-bench run --profile smoke"])
