"""`para-bench figures`: a paper's figures from records alone, and on request a strip of what heads see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from para_bench.benchmarks.splits.views import GRID_HALF_DEG
from para_bench.commands.folders import make_folder
from para_bench.commands.results import results
from para_bench.report.checkpoints import costs
from para_bench.report.figures import draw_all, write
from para_bench.report.figures.source import Source
from para_bench.report.inventory import CONTROL
from para_bench.report.tables.success import check_control

if TYPE_CHECKING:
    from para_bench.arguments.reporting import Figures


def figures(args: Figures) -> None:
    found, trained = results(args.results, args.split, args.heads), costs(args.results)
    for result in found:
        _ = result.roster  # refuses before the first figure is written
        check_control(CONTROL, result.expected)
    strips = None
    if args.strip:
        from para_bench.replays import strip  # torch and the simulator, which no other figure needs

        strips = strip.draw(found, trained)  # refuses before the first figure is written
    make_folder(args.out)
    for line in draw_all(Source(found, trained, GRID_HALF_DEG), args.out):
        print(line, flush=True)
    if strips is not None:
        for line in write("strip", strips, args.out):
            print(line, flush=True)
