"""Figures as a reader sees them: which texts lie on each other, are cut or too small; and made-up records of the factorial to draw."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from para_bench import records
from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import known_split
from para_bench.benchmarks.suites import FACTORIAL
from para_bench.commands.parts.declared import declarations
from para_bench.commands.parts.results import described
from para_bench.records import EpisodeRecord, description
from para_bench.report.figures import FIGURES, style
from para_bench.report.figures.source import Source
from para_bench.report.inventory import take

FACTORIAL_RATES = (0.95, 0.99, 0.91, 0.8, 0.12, 0.04, 0.06, 0.05)


def factorial_records(record: Callable[..., EpisodeRecord], splits: tuple[str, ...], scenes: int = 8) -> list[EpisodeRecord]:
    """Two demonstration sets with two trainings each of every head, in version 2's conditions; made-up outcomes."""
    rng = np.random.default_rng(0)
    made = []
    for split in splits:
        known = known_split(split, "2")
        assert known is not None
        for condition in known.all_conditions:
            for index in condition.indices(scenes):
                for head, rate in zip(FACTORIAL, FACTORIAL_RATES, strict=True):
                    for seed in range(4):
                        success = bool(rng.random() < rate * (1.0 if condition.factor == "id" else 0.6))
                        made.append(
                            record(
                                head,
                                condition.key,
                                index,
                                success,
                                split=split,
                                suite_version="2",
                                train_seed=seed,
                                demo_seed=seed // 2,
                                strict_success=success,
                                extra={"object_x_m": 0.15 + 0.01 * index, "object_y_m": 0.12 - 0.03 * index, "grasp_yaw_deg": 3.0},
                            )
                        )
    return made


def source_of(made: list[EpisodeRecord], folder: Path, columns: int = 2) -> Source:
    """What a command would draw from these records."""
    for split in dict.fromkeys(r.split for r in made):
        for one in made:
            if one.split == split:
                records.append(folder / split / "episodes.jsonl", one)
        known = known_split(split, made[0].suite_version)
        if known is not None:
            description.write(folder / split, describe(known))
    return Source(take([folder], describe=described, order=FACTORIAL), declared=declarations(), columns=1 if columns == 1 else 2)


def drawn(source: Source, name: str) -> dict[str, Figure]:
    with style.look_context():
        return dict(FIGURES[name](source))


def texts(figure: Figure) -> list[Text]:
    """Every text that is seen, after the figure was laid out."""
    found = []
    for text in figure.findobj(Text):
        axes = text.axes
        if text.get_visible() and text.get_text().strip() and (axes is None or axes.get_visible()):
            found.append(text)
    return found


def faults(figure: Figure) -> list[str]:
    """Texts that are cut, too small, or lie on each other or under a legend."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    with style.look_context():
        for _ in range(2):  # as a file is written
            figure.draw_without_rendering()
    page, seen = figure.bbox, texts(figure)
    found = [f"{text.get_text()!r} has {text.get_fontsize()} pt" for text in seen if text.get_fontsize() < style.FONT_PT]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in seen]
    for name, box in boxes:
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > page.x1 + 0.5 or box.y1 > page.y1 + 0.5:
            found.append(f"{name!r} is cut: {box.extents} on a page of {page.extents}")
    for (one, a), (other, b) in combinations(boxes, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5:
            found.append(f"{one!r} lies on {other!r}")
    panels = [axes.get_window_extent(renderer) for axes in figure.findobj(Axes) if axes.get_visible()]
    for legend in figure.findobj(Legend):
        box = legend.get_window_extent(renderer)
        if any(min(box.x1, p.x1) - max(box.x0, p.x0) > 1 and min(box.y1, p.y1) - max(box.y0, p.y0) > 1 for p in panels):
            found.append(f"a legend lies on a panel: {[text.get_text() for text in legend.get_texts()]}")
    return found
