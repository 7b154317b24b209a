"""COMMANDS: the subcommands of `para-bench`, one file each: its options, whose docstrings are its help, and its action.

A command's file imports nothing heavy before its action: a misspelt option is told before torch has loaded.
"""

from __future__ import annotations

from importlib import import_module

COMMANDS = {
    "run": "Run",
    "suite": "Suite",
    "merge": "Merge",
    "list": "List",
    "test-head": "TestHead",
    "tune": "Tune",
    "demos": "Demos",
    "teleop": "Teleop",
    "export-lerobot": "ExportLerobot",
    "import-lerobot": "ImportLerobot",
    "view": "View",
    "compare": "Compare",
    "table": "Table",
    "site": "Site",
    "replay": "Replay",
    "serve": "Serve",
    "check": "Check",
    "figures": "Figures",
    "pack": "Pack",
    "watch": "Watch",
    "features": "Features",
    "pretrain": "Pretrain",
    "power": "Power",
    "cache": "Cache",
    "doctor": "Doctor",
    "completion": "Completion",
}
"""Name on the command line -> class of its options, in the file of that name."""
RENAMED = {"plan": "power"}
"""Names of earlier versions that still work."""


def find_command(name: str) -> type:
    """The options of a command, callable once they are filled in.

    Raises:
        KeyError: there is no such command.
    """
    return getattr(import_module(f"{__name__}.{name.replace('-', '_')}"), COMMANDS[name])
