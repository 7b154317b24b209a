"""The `para-bench` command. Heavy packages load only inside the commands that need them."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import tyro

from para_bench.arguments.looking import Cache, Features, List, Plan, TestHead, View
from para_bench.arguments.reporting import Compare, Figures, Pack, Site, Table, Watch
from para_bench.arguments.running import Check, Demos, Pretrain, Replay, Run, Suite
from para_bench.types import ParaBenchError


def main() -> None:
    """Entry point; one line for what the user can act on, with exit code 1, or 3 from `check`, whose 1 and 2 are verdicts."""
    gate = sys.argv[1:2] == ["check"]
    try:
        command = tyro.cli(
            Annotated[Run, tyro.conf.subcommand("run")]
            | Annotated[Suite, tyro.conf.subcommand("suite")]
            | Annotated[List, tyro.conf.subcommand("list")]
            | Annotated[TestHead, tyro.conf.subcommand("test-head")]
            | Annotated[Demos, tyro.conf.subcommand("demos")]
            | Annotated[View, tyro.conf.subcommand("view")]
            | Annotated[Compare, tyro.conf.subcommand("compare")]
            | Annotated[Table, tyro.conf.subcommand("table")]
            | Annotated[Site, tyro.conf.subcommand("site")]
            | Annotated[Replay, tyro.conf.subcommand("replay")]
            | Annotated[Check, tyro.conf.subcommand("check")]
            | Annotated[Figures, tyro.conf.subcommand("figures")]
            | Annotated[Pack, tyro.conf.subcommand("pack")]
            | Annotated[Watch, tyro.conf.subcommand("watch")]
            | Annotated[Features, tyro.conf.subcommand("features")]
            | Annotated[Pretrain, tyro.conf.subcommand("pretrain")]
            | Annotated[Plan, tyro.conf.subcommand("plan")]
            | Annotated[Cache, tyro.conf.subcommand("cache")],
            prog="para-bench",
            description="Does the action head decide whether a policy survives a moved camera, a shifted object, a new room?",
        )
    except SystemExit as stop:
        if gate and stop.code:
            raise SystemExit(3) from None  # tyro's own code for a misspelt option is 2
        raise
    try:
        command()
        sys.stdout.flush()
        return
    except BrokenPipeError:  # `para-bench ... | head` has read enough; what Python flushes at exit must not fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(3 if gate else 1)
    except ParaBenchError as error:
        message = f"para-bench: {error}"
    except KeyboardInterrupt:
        message = "para-bench: interrupted; the same command continues"
    except Exception:
        if not gate:
            raise
        message = traceback.format_exc()
    print(message, file=sys.stderr)  # below what progress bars write when the exception lets go of them
    sys.exit(3 if gate else 1)
