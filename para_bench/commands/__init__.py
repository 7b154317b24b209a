"""COMMANDS: the subcommands of `para-bench`, one file each: its options, whose docstrings are its help, and its action.

A command's file imports nothing heavy before its action: a misspelt option is told before torch has loaded.
"""

from __future__ import annotations

from importlib import import_module

GROUPS = {
    "Experiments": {
        "run": "Run",
        "suite": "Suite",
        "tune": "Tune",
        "watch": "Watch",
        "merge": "Merge",
        "check": "Check",
        "power": "Power",
    },
    "Results": {
        "compare": "Compare",
        "table": "Table",
        "figures": "Figures",
        "site": "Site",
        "replay": "Replay",
        "pack": "Pack",
    },
    "Scenes and demonstrations": {
        "view": "View",
        "demos": "Demos",
        "teleop": "Teleop",
        "export-lerobot": "ExportLerobot",
        "import-lerobot": "ImportLerobot",
    },
    "Heads, policies and backbones": {
        "list": "List",
        "test-head": "TestHead",
        "serve": "Serve",
        "features": "Features",
        "pretrain": "Pretrain",
    },
    "This machine": {
        "doctor": "Doctor",
        "cache": "Cache",
        "completion": "Completion",
    },
}
"""Name on the command line -> class of its options, in the file of that name; by what `--help` groups them under."""
COMMANDS = {name: options for group in GROUPS.values() for name, options in group.items()}
RENAMED = {"plan": "power"}
"""Names of earlier versions that still work."""


def find_command(name: str) -> type:
    """The options of a command, callable once they are filled in.

    Raises:
        KeyError: there is no such command.
    """
    return getattr(import_module(f"{__name__}.{name.replace('-', '_')}"), COMMANDS[name])
