"""How often the regression gate says what, of heads trained anew and of a kept checkpoint: simulated outcomes, the package's own verdicts.

    python perf/gate.py

Rates, levels, scenes, margins and spreads over training seeds are those of the baseline's own cells. Prints the tables and writes them
to results/baselines/GATE.md (about ten minutes on one core; --trials 100 for a first look).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import tyro
from scipy.optimize import brentq
from scipy.special import expit

from para_bench.report.gate import baseline_file
from para_bench.report.gate.baselines import Baseline, outcome_array
from para_bench.report.gate.verdict import CANNOT_TELL, HELD, REGRESSED, confidences, family_gate, overall
from para_bench.report.statistics.rates import Interval
from para_bench.report.statistics.retraining import difference, seed_sd
from para_bench.report.statistics.seeds import difference as paired_difference

SCENE_SD = 1.5
"""Logit-normal difficulty of scenes: at a mean of 0.7, a tenth of the scenes succeed in fewer than a quarter of the episodes."""
MEETING_SD = 1.0
"""Logit SD of a training seed's liking for one scene, shared by the levels of a pooled cell."""
MARGINS = (0.06, 0.08, 0.1, 0.12, 0.15)
PLANTED = 0.15
"""The loss that the tables ask for, beside that of exactly the margin."""
Pair = tuple[Interval, Interval]
"""The cell's and the family's interval."""
VERDICTS = (REGRESSED, CANNOT_TELL, HELD)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True)
class Cell:
    """A watched success rate, and how the baseline saw it vary."""

    name: str
    rate: float
    levels: int
    scenes: int
    seed_sd: float
    """SD over training seeds of the success rate in endlessly many scenes."""
    margin: float


@dataclass(frozen=True)
class Seeds:
    new: int
    """S: retrained seeds."""
    reference: int
    """S0: seeds of the baseline."""


@dataclass(frozen=True)
class Args:
    baseline: Path = Path("results/baselines/ci.json")
    out: Path = Path("results/baselines/GATE.md")
    trials: int = 400
    """Simulated gates of each row; the tables of the whole gate and of the kept checkpoint take five times as many."""
    fixed_only: bool = False
    """Print the table of the kept checkpoint and write nothing."""


def cells_of(baseline: Baseline) -> tuple[list[Cell], Seeds]:
    found, seeds = [], 0
    for cell in baseline.cells:
        hashes, outcomes = outcome_array(baseline.retrained, cell, baseline.scene_sets(cell))
        _, levels, scenes = outcomes.shape
        found.append(Cell(cell.name, float(outcomes.mean()), levels, scenes, seed_sd(outcomes), cell.margin))
        seeds = len(hashes)
    return found, Seeds(len(baseline.retrain), seeds)


@lru_cache
def effects(rate: float, seed_sd: float) -> tuple[float, float]:
    """Mean logit and logit SD of seeds, for a mean rate and an SD of true seed rates."""
    others = np.hypot(SCENE_SD, MEETING_SD)

    def mean(logit: float, sd: float) -> float:
        return float(WEIGHTS @ expit(logit + sd * NODES))

    def centre(sd: float) -> float:
        return float(np.asarray(brentq(lambda logit: mean(logit, np.hypot(others, sd)) - rate, -100, 100)))

    def excess(sd: float) -> float:
        rates = np.array([mean(centre(sd) + sd * node, others) for node in NODES])
        return float(np.sqrt(WEIGHTS @ (rates - rate) ** 2)) - seed_sd

    if seed_sd == 0:
        return centre(0), 0.0
    sd = float(np.asarray(brentq(excess, 0, 20, xtol=1e-4)))
    return centre(sd), sd


def outcomes(rng: np.random.Generator, cell: Cell, seeds: int, difficulty: np.ndarray, loss: float = 0.0) -> np.ndarray:
    """(S, C, N) successes of one method in scenes of the given difficulty (N,)."""
    logit, sd = effects(round(max(cell.rate - loss, 0.005), 6), cell.seed_sd)
    own = logit + sd * rng.standard_normal((seeds, 1, 1)) + MEETING_SD * rng.standard_normal((seeds, 1, difficulty.size))
    return rng.random((seeds, cell.levels, difficulty.size)) < expit(own + difficulty)


def intervals(rng: np.random.Generator, cell: Cell, loss: float, seeds: Seeds, family: int) -> Pair:
    """Of one simulated cell."""
    difficulty = SCENE_SD * rng.standard_normal(cell.scenes)
    reference = outcomes(rng, cell, seeds.reference, difficulty)
    new = outcomes(rng, cell, seeds.new, difficulty, loss)
    found = [difference(new, reference, confidence) for confidence in confidences(family)]
    return Interval(found[0].low, found[0].high), Interval(found[1].low, found[1].high)


def truths(cells: Sequence[Cell]) -> Iterator[tuple[str, list[float]]]:
    """What may be true of a change: its name, and the loss of each cell."""
    yield "nothing changed", [0.0] * len(cells)
    for i, cell in enumerate(cells):
        for loss, words in ((PLANTED, f"{100 * PLANTED:.0f} points"), (cell.margin, f"the margin of {100 * cell.margin:.0f} points")):
            if loss < cell.rate:
                yield f"`{cell.name}` lost {words}", [loss if i == j else 0.0 for j in range(len(cells))]
    yield "every cell won 3 points, or half of what it lacks", [-min(0.03, (1 - cell.rate) / 2) for cell in cells]


def row(*parts: str, said: Sequence[str]) -> str:
    shares = [f"{said.count(verdict) / len(said):.3f}" for verdict in VERDICTS]
    text = "| " + " | ".join((*parts, *shares)) + " |"
    print(text, flush=True)
    return text


def whole_gate(rng: np.random.Generator, cells: Sequence[Cell], seeds: Seeds, trials: int) -> list[str]:
    """What the gate of retrained heads says where nothing changed, and where one cell lost something."""
    lines = ["| spread over seeds | what is true | REGRESSED | CANNOT TELL | HELD |", "|---|---|---|---|---|"]
    for factor, name in ((0.5, "half of the baseline's"), (1.0, "the baseline's"), (2.0, "twice the baseline's")):
        there = [replace(cell, seed_sd=factor * cell.seed_sd) for cell in cells]
        for truth, losses in truths(cells):
            said = [
                overall(
                    family_gate(*intervals(rng, cell, loss, seeds, 2 * len(cells)), cell.margin)  # two layers
                    for cell, loss in zip(there, losses, strict=True)
                )
                for _ in range(trials)
            ]
            lines.append(row(name, truth, said=said))
    return lines


def survey(rng: np.random.Generator, cells: Sequence[Cell], trials: int) -> list[str]:
    """Chance that a cell that lost `PLANTED` is REGRESSED : that a cell that lost nothing is HELD, for every margin."""
    head = " | ".join(f"{100 * margin:.0f}" for margin in MARGINS)
    lines = [f"| cell | S | S0 | scenes | {head} |", "|---" * (4 + len(MARGINS)) + "|"]
    for cell in cells:
        for seeds in (Seeds(2, 10), Seeds(3, 5), Seeds(3, 10), Seeds(5, 10)):
            for scenes in (100, 200):
                lines.append(survey_row(rng, replace(cell, scenes=scenes), seeds, 2 * len(cells), trials))
                print(lines[-1], flush=True)
    return lines


def survey_row(rng: np.random.Generator, cell: Cell, seeds: Seeds, family: int, trials: int) -> str:
    lost, same = (cell_intervals(rng, cell, loss, seeds, family, trials) for loss in (min(PLANTED, cell.rate - 0.01), 0.0))
    shares = [f"{share(lost, margin, REGRESSED):.2f} : {share(same, margin, HELD):.2f}" for margin in MARGINS]
    return f"| `{cell.name}` | {seeds.new} | {seeds.reference} | {cell.scenes} | " + " | ".join(shares) + " |"


def cell_intervals(rng: np.random.Generator, cell: Cell, loss: float, seeds: Seeds, family: int, trials: int) -> list[Pair]:
    return [intervals(rng, cell, loss, seeds, family) for _ in range(trials)]


def share(found: Sequence[Pair], margin: float, verdict: str) -> float:
    """Share of simulated cells that get the verdict."""
    return float(np.mean([family_gate(*pair, margin) == verdict for pair in found]))


def kept(rng: np.random.Generator, cell: Cell, edge: float, loss: float, family: int, whole_scenes: bool = False) -> tuple[bool, str]:
    """Whether any outcome of one simulated cell of the kept checkpoint flipped, and its verdict.

    A loss falls on single episodes, or with `whole_scenes` on all levels of a scene at once.
    """
    golden = outcomes(rng, cell, 1, SCENE_SD * rng.standard_normal(cell.scenes))
    on_edge = rng.random(golden.shape) < edge
    golden = np.where(on_edge, rng.random(golden.shape) < 0.5, golden)
    found = np.where(on_edge, rng.random(golden.shape) < 0.5, golden)
    draws = rng.random((1, 1, cell.scenes) if whole_scenes else golden.shape)
    found = found & (draws >= loss / cell.rate)
    if np.array_equal(found, golden):
        return False, HELD
    pair = [paired_difference(found, golden, confidence) for confidence in confidences(family)]
    return True, family_gate(Interval(pair[0].low, pair[0].high), Interval(pair[1].low, pair[1].high), cell.margin)


def fixed_layer(rng: np.random.Generator, cells: Sequence[Cell], trials: int) -> list[str]:
    """What the kept checkpoint's layer says where a machine flips outcomes, and where cells lost something."""
    lines = ["| flips of the machine | what is true | some flip | REGRESSED | CANNOT TELL | HELD |", "|---|---|---|---|---|---|"]
    known = list(truths(cells))[:-1]
    kinds = [(truth, losses, False) for truth, losses in known]
    kinds += [(f"{truth}, in all levels of its scenes at once", losses, True) for truth, losses in known[1:] if pooled(cells, losses)]
    for flips in (0.0, 1 / 600, 0.01, 0.03):
        for truth, losses, whole in kinds:
            edge = 2 * flips  # half of the outcomes on the edge fall to the side on which they were
            pairs = list(zip(cells, losses, strict=True))
            runs = [[kept(rng, cell, edge, loss, 2 * len(cells), whole) for cell, loss in pairs] for _ in range(trials)]
            some = np.mean([any(flipped for flipped, _ in run) for run in runs])
            said = [overall(verdict for _, verdict in run) for run in runs]
            lines.append(row(f"{100 * flips:.1f} %", truth, f"{some:.3f}", said=said))
    return lines


def pooled(cells: Sequence[Cell], losses: Sequence[float]) -> bool:
    """Whether a cell of several levels lost something."""
    return any(loss > 0 and cell.levels > 1 for cell, loss in zip(cells, losses, strict=True))


def described(cells: Sequence[Cell]) -> str:
    lines = ["| cell | rate | levels | scenes a level | SD over training seeds | margin |", "|---|---|---|---|---|---|"]
    for cell in cells:
        facts = f"{100 * cell.rate:.1f} % | {cell.levels} | {cell.scenes} | {100 * cell.seed_sd:.1f} | {100 * cell.margin:.0f}"
        lines.append(f"| `{cell.name}` | {facts} |")
    return "\n".join(lines)


def main(args: Args) -> None:
    cells, seeds = cells_of(baseline_file.read(args.baseline))
    print(described(cells), flush=True)
    fixed = fixed_layer(np.random.default_rng(1), cells, 5 * args.trials)
    if args.fixed_only:
        return
    rng = np.random.default_rng(0)  # the same tables every time
    tables = {"whole": whole_gate(rng, cells, seeds, 5 * args.trials), "survey": survey(rng, cells, args.trials), "fixed": fixed}
    numbers = {"new": seeds.new, "old": seeds.reference, "trials": args.trials, "many": 5 * args.trials}
    errors = {"error": 100 / np.sqrt(args.trials), "planted": 100 * PLANTED, "scene_sd": SCENE_SD, "meeting_sd": MEETING_SD}
    text = TEXT.format(cells=described(cells), **numbers, **errors, **{name: "\n".join(lines) for name, lines in tables.items()})
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text)


TEXT = """# What the gate can tell

Written by `python perf/gate.py`: simulated outcomes, judged by the gate's own code. [docs/GATE.md](../../docs/GATE.md) says what the
verdicts mean.

**Assumptions.** Scene difficulties are logit-normal (SD {scene_sd}). A training seed does better or worse in a scene (logit SD
{meeting_sd}). Its success rate over endlessly many scenes has the SD of the table, in points, before a loss and after it. Scenes are the
same for all. The levels of a pooled cell share difficulty and seed effects. Cells are drawn apart from each other; in truth they share
training seeds, so that they hold or fail together more often.

The cells of suite `ci`, as its baseline saw them:

{cells}

## Retrained heads

{new} retrained seeds against {old} of the baseline. Verdict of the whole gate, {many} simulations a row. The block of the baseline's own
spread is the one to read.

{whole}

HELD needs all cells to hold, so CANNOT TELL is the price of a small margin. It rises fast with the SD over training seeds: measure that
(the baseline's own seeds show it) before you choose a margin from the table below.

## Other designs, one cell

S training seeds are new, S0 are the baseline's. Columns are margins in points. Each entry: probability that a cell which lost {planted:.0f}
points is REGRESSED : that one which lost nothing is HELD ({trials} simulations each, so +-{error:.0f} points).

{survey}

## The kept checkpoint

One checkpoint, {many} simulations a row. A machine flips outcomes to either side alike, as often as the first column says (of version 1's
suite, another processor flipped 1 of 600). A real loss adds to the flips. "Some flip" is how often any outcome is another: those checks
are HELD where the interval of the change rules a loss beyond the margin out, and their scenes are named.

{fixed}
"""


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
