"""How often the regression gate says what, of heads trained anew and of a kept checkpoint: simulated outcomes, the package's own verdicts.

    python perf/gate.py

Prints the tables and writes them to results/baselines/GATE.md (about ten minutes on one core; --trials 100 for a first look).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import tyro
from scipy.optimize import brentq
from scipy.special import expit

from para_bench.report.gate.baselines import NEW_SEEDS
from para_bench.report.gate.verdict import CANNOT_TELL, HELD, REGRESSED, confidences, family_gate, overall
from para_bench.report.statistics.rates import Interval
from para_bench.report.statistics.retraining import difference
from para_bench.report.statistics.seeds import difference as paired_difference

SCENE_SD = 1.5
"""Logit-normal difficulty of scenes: at a mean of 0.7, a tenth of the scenes succeed in fewer than a quarter of the episodes."""
MEETING_SD = 1.0
"""Logit SD of a training seed's liking for one scene, shared by the levels of a pooled cell."""
CELLS = ((0.985, 1), (0.75, 5))
"""Rate and levels of each cell of suite ci: in distribution, and out of distribution with five levels pooled."""
MARGINS = (0.05, 0.06, 0.07, 0.08, 0.1)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True)
class Design:
    seed_sd: float
    """SD over training seeds of the success rate in endlessly many scenes."""
    new: int
    """S: retrained seeds."""
    reference: int
    """S0: seeds of the baseline."""
    scenes: int


CI, CI_MARGIN = Design(0.016, NEW_SEEDS, 10, 100), 0.06
"""Suite ci and its baseline, whose cells vary by 1.6 and 0.1 points over training seeds (results/baselines/ci.json)."""


@dataclass(frozen=True)
class Args:
    out: Path = Path("results/baselines/GATE.md")
    trials: int = 400
    """Simulated gates of each row; the tables of the whole gate and of the kept checkpoint take five times as many."""
    fixed_only: bool = False
    """Print the table of the kept checkpoint and write nothing."""


@lru_cache
def effects(rate: float, seed_sd: float) -> tuple[float, float]:
    """Mean logit and logit SD of seeds, for a mean rate and an SD of true seed rates."""
    others = np.hypot(SCENE_SD, MEETING_SD)

    def mean(logit: float, sd: float) -> float:
        return float(WEIGHTS @ expit(logit + sd * NODES))

    def centre(sd: float) -> float:
        return float(np.asarray(brentq(lambda logit: mean(logit, np.hypot(others, sd)) - rate, -20, 20)))

    def excess(sd: float) -> float:
        rates = np.array([mean(centre(sd) + sd * node, others) for node in NODES])
        return float(np.sqrt(WEIGHTS @ (rates - rate) ** 2)) - seed_sd

    sd = float(np.asarray(brentq(excess, 0, 8, xtol=1e-4)))
    return centre(sd), sd


def outcomes(rng: np.random.Generator, rate: float, levels: int, seeds: int, seed_sd: float, difficulty: np.ndarray) -> np.ndarray:
    """(S, C, N) successes of one method in scenes of the given difficulty (N,)."""
    logit, sd = effects(rate, seed_sd)
    own = logit + sd * rng.standard_normal((seeds, 1, 1)) + MEETING_SD * rng.standard_normal((seeds, 1, difficulty.size))
    return rng.random((seeds, levels, difficulty.size)) < expit(own + difficulty)


def intervals(rng: np.random.Generator, rate: float, levels: int, loss: float, design: Design) -> tuple[Interval, Interval]:
    """The cell's and the family's interval of one simulated cell."""
    difficulty = SCENE_SD * rng.standard_normal(design.scenes)
    reference = outcomes(rng, rate, levels, design.reference, design.seed_sd, difficulty)
    new = outcomes(rng, rate - loss, levels, design.new, design.seed_sd, difficulty)
    found = [difference(new, reference, confidence) for confidence in confidences(2 * len(CELLS))]  # two layers
    return Interval(found[0].low, found[0].high), Interval(found[1].low, found[1].high)


def chances(rng: np.random.Generator, design: Design, margin: float, trials: int, losses: tuple[float, ...]) -> dict[str, float]:
    """Probability of each verdict of the whole gate, for one loss a cell."""
    cells = list(zip(CELLS, losses, strict=True))
    said = [overall(family_gate(*intervals(rng, *cell, loss, design), margin) for cell, loss in cells) for _ in range(trials)]
    return {verdict: said.count(verdict) / trials for verdict in (REGRESSED, CANNOT_TELL, HELD)}


def cell_intervals(rng: np.random.Generator, cell: tuple[float, int], loss: float, design: Design, trials: int) -> list:
    return [intervals(rng, *cell, loss, design) for _ in range(trials)]


def share(found: list, margin: float, verdict: str) -> float:
    """Share of simulated cells that get the verdict."""
    return float(np.mean([family_gate(*pair, margin) == verdict for pair in found]))


def survey(rng: np.random.Generator, trials: int, planted: float = 0.15) -> list[str]:
    """Chance that a cell that lost `planted` is REGRESSED : that a cell that lost nothing is HELD, for every margin."""
    head = " | ".join(f"{100 * margin:.0f}" for margin in MARGINS)
    lines = [f"| rate | seed SD | S | S0 | scenes | {head} |", "|---" * (5 + len(MARGINS)) + "|"]
    kinds = list(dict.fromkeys(CELLS))
    designs = [
        Design(sd, new, old, n) for sd in (0.01, 0.02, 0.03) for new, old in ((2, 5), (2, 10), (3, 5), (3, 10)) for n in (100, 200, 300)
    ]
    for cell in kinds:
        for d in designs:
            lost, same = (cell_intervals(rng, cell, loss, d, trials) for loss in (planted, 0.0))
            row = [f"{share(lost, m, REGRESSED):.2f} : {share(same, m, HELD):.2f}" for m in MARGINS]
            name = f"{cell[0]:g}" + (f", {cell[1]} levels" if cell[1] > 1 else "")
            lines.append(f"| {name} | {100 * d.seed_sd:.0f} | {d.new} | {d.reference} | {d.scenes} | " + " | ".join(row) + " |")
            print(lines[-1], flush=True)
    return lines


def whole_gate(rng: np.random.Generator, trials: int) -> list[str]:
    """The gate of suite ci: what it says where nothing changed, and where one cell lost something."""
    lines = ["| seed SD | what is true | REGRESSED | CANNOT TELL | HELD |", "|---|---|---|---|---|"]
    margin, points = CI_MARGIN, f"{100 * CI_MARGIN:.0f}"
    truths = {
        "nothing changed": (0, 0),
        "the in-distribution cell lost 15 points": (0.15, 0),
        "the out-of-distribution cell lost 15 points": (0, 0.15),
        f"the in-distribution cell lost the margin of {points} points": (margin, 0),
        f"the out-of-distribution cell lost the margin of {points} points": (0, margin),
        "both lost 10 points": (0.1, 0.1),
        "the out-of-distribution cell won 3 points": (0, -0.03),
    }
    for seed_sd in (0.005, CI.seed_sd, 0.03):
        for name, losses in truths.items():
            found = chances(rng, replace(CI, seed_sd=seed_sd), margin, trials, losses)
            shares = " | ".join(f"{found[verdict]:.3f}" for verdict in (REGRESSED, CANNOT_TELL, HELD))
            lines.append(f"| {100 * seed_sd:.1f} | {name} | {shares} |")
            print(lines[-1], flush=True)
    return lines


def kept(rng: np.random.Generator, cell: tuple[float, int], edge: float, loss: float, whole_scenes: bool) -> tuple[bool, str]:
    """Whether any outcome of one simulated cell of the kept checkpoint flipped, and its verdict."""
    rate, levels = cell
    difficulty = SCENE_SD * rng.standard_normal(CI.scenes)
    golden = outcomes(rng, rate, levels, 1, CI.seed_sd, difficulty)
    on_edge = rng.random(golden.shape) < edge
    golden = np.where(on_edge, rng.random(golden.shape) < 0.5, golden)
    found = np.where(on_edge, rng.random(golden.shape) < 0.5, golden)
    draws = rng.random((1, 1, CI.scenes) if whole_scenes else golden.shape)
    found = found & (draws >= loss / rate)
    if np.array_equal(found, golden):
        return False, HELD
    pair = [paired_difference(found, golden, confidence) for confidence in confidences(2 * len(CELLS))]
    return True, family_gate(Interval(pair[0].low, pair[0].high), Interval(pair[1].low, pair[1].high), CI_MARGIN)


def fixed_layer(rng: np.random.Generator, trials: int) -> list[str]:
    """The kept checkpoint of suite ci: what the layer says where a machine flips outcomes, and where cells lost something."""
    lines = ["| flips of the machine | what is true | some flip | REGRESSED | CANNOT TELL | HELD |", "|---|---|---|---|---|---|"]
    margin, points = CI_MARGIN, f"{100 * CI_MARGIN:.0f}"
    truths: dict[str, tuple[float, float, bool]] = {
        "nothing changed": (0, 0, False),
        "both lost 2 points": (0.02, 0.02, False),
        f"the in-distribution cell lost the margin of {points} points": (margin, 0, False),
        f"the out-of-distribution cell lost the margin of {points} points": (0, margin, False),
        f"the same, in all five levels of a {points} in 75 part of the scenes": (0, margin, True),
        "the in-distribution cell lost 15 points": (0.15, 0, False),
        "the out-of-distribution cell lost 15 points": (0, 0.15, False),
        "the same, in all five levels of a 15 in 75 part of the scenes": (0, 0.15, True),
    }
    for flips in (0.0, 1 / 600, 0.01, 0.03):
        for name, (*losses, whole_scenes) in truths.items():
            edge = 2 * flips  # half of the outcomes on the edge fall to the side on which they were
            runs = [[kept(rng, cell, edge, loss, whole_scenes) for cell, loss in zip(CELLS, losses, strict=True)] for _ in range(trials)]
            said = [overall(verdict for _, verdict in run) for run in runs]
            some = np.mean([any(flipped for flipped, _ in run) for run in runs])
            shares = " | ".join(f"{said.count(verdict) / trials:.3f}" for verdict in (REGRESSED, CANNOT_TELL, HELD))
            lines.append(f"| {100 * flips:.1f} % | {name} | {some:.3f} | {shares} |")
            print(lines[-1], flush=True)
    return lines


def main(args: Args) -> None:
    fixed = fixed_layer(np.random.default_rng(1), 5 * args.trials)
    if args.fixed_only:
        return
    rng = np.random.default_rng(0)  # the same tables every time
    whole = whole_gate(rng, 5 * args.trials)
    cells = survey(rng, args.trials)
    d = CI
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(
        TEXT.format(
            new=d.new,
            old=d.reference,
            scenes=d.scenes,
            error=100 / np.sqrt(args.trials),
            margin=100 * CI_MARGIN,
            trials=args.trials,
            many=5 * args.trials,
            scene_sd=SCENE_SD,
            meeting_sd=MEETING_SD,
            whole="\n".join(whole),
            cells="\n".join(cells),
            fixed="\n".join(fixed),
            flips=100 / 600,
        )
    )


TEXT = """# What the gate can tell: retrained heads

Written by `python perf/gate.py`: simulated outcomes, judged by the gate's own code. [docs/GATE.md](../../docs/GATE.md) says what the
verdicts mean.

**Assumptions.** Scene difficulties are logit-normal (SD {scene_sd}). A training seed does better or worse in a scene (logit SD
{meeting_sd}), and its success rate over endlessly many scenes has the SD given, in points, before a loss and after it. Scenes are the
same for all; the levels of a pooled cell share difficulty and seed effects. The family is the two cells of suite `ci` (near 98 %, and near
75 % with five levels pooled) in two layers. Cells are drawn apart from each other; in truth they share training seeds, so that they hold
or fail together more often.

## The ci suite

{new} retrained seeds against {old} of the baseline, {scenes} scenes a level, margin {margin:.0f} points. Its rates vary by 1.6 points over
the baseline's seeds in distribution and by 0.1 out of it (`ci.json`): the first two blocks are the ones to read. Verdict of the whole gate,
{many} simulations a row:

{whole}

HELD needs all cells to hold, so CANNOT TELL is the price of a small margin, and rises fast with the SD over training seeds: measure
it (the baseline's own seeds show it) before you choose a margin from the table below. A loss of exactly
the margin is called REGRESSED in 3 to 7 % of checks, no loss at all next to never.

## Other designs, one cell

Columns are margins in points. Each entry: probability that a cell which lost 15 points is REGRESSED : that one which lost nothing is HELD
({trials} simulations each, so +-{error:.0f} points).

{cells}

## The kept checkpoint

The fixed layer of suite `ci`: one checkpoint, {scenes} scenes a level, margin {margin:.0f} points, {many} simulations a row. A machine
flips outcomes to either side alike, as often as the first column says ({flips:.1f} % is what another processor was seen to do). A real
loss adds to the flips; it falls on single episodes, or on all levels of a scene at once. "Some flip" is how often any outcome is
another: those checks are HELD where the interval of the change rules a loss beyond the margin out, and their scenes are named.

{fixed}

Nothing changed and 0.2 % flips: HELD in all but 0.3 % of checks. A loss of exactly the margin is HELD in 4 to 7 % of checks (11 % where
it takes whole scenes, of which there are only 100), where each bound is meant to err in 5 %. A loss of 2 points, within the margin, is
HELD in half of them: the scenes that are named are the only sign of it.
"""


if __name__ == "__main__":
    main(tyro.cli(Args, description=__doc__))
