"""`para-bench doctor`: what works on this machine, and what to install."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Doctor:
    """Show what this machine can do, and what to install.

    That is drawing and its speed, torch's device and threads, weights, disk and versions. Exit code 1 where something is missing that
    a run needs.
    """

    json: bool = False
    """Print one JSON object instead, for bug reports and scripts."""
    out: Path = Path("runs")
    """Where results would go."""

    def __call__(self) -> None:
        from para_bench.commands.parts.examination import examine

        found = examine(self.out)
        if self.json:
            from json import dumps

            print(dumps(found, indent=1))
        else:
            show(found)
        if found["advice"]:
            sys.exit(1)


def show(found: dict[str, Any]) -> None:
    """The same as tables."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(soft_wrap=True)
    drawing = Table("MUJOCO_GL", "images a CPU second", "renderer, or what is wrong", title="Drawing", title_justify="left")
    for name, each in found["drawing"].items():
        rate = f"{each['images_per_cpu_s']} ({each['image_px']} px)" if "renderer" in each else ""
        drawing.add_row(name, rate, escape(each.get("renderer") or each["problem"]))
    console.print(drawing)
    machine, torch = found["system"], found["torch"]
    settings = "".join(f", {name}={value}" for name, value in torch.get("settings", {}).items())
    computing = torch.get("problem") or f"{', '.join(torch['gpus']) or 'cpu'}, {torch['threads']} of {machine['cpus']} threads{settings}"
    rest = Table("what", "found", title="Machine", title_justify="left")
    rest.add_row("system", escape(f"{machine['platform']}, Python {machine['python']}"))
    rest.add_row("torch", escape(computing))
    for path, free in found["disk"].items():
        rest.add_row("disk", escape(f"{free} GB free in {path}"))
    rest.add_row("versions", escape(", ".join(f"{name} {text}" for name, text in found["versions"].items())))
    console.print(rest)
    weights = Table("backbone", "weights", title="Weights", title_justify="left")
    for name, where in found["weights"].items():
        weights.add_row(name, escape(where))
    console.print(weights)
    for line in found["advice"]:
        console.print(f"! {line}", markup=False)
    if not found["advice"]:
        console.print("everything that a run needs is here")
