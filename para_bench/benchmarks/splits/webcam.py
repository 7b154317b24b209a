"""The split that changes the picture alone: what cheap webcams do to it. No policy is given it."""

from __future__ import annotations

from para_bench.benchmarks.conditions import Condition, Split
from para_bench.envs.shifts.webcam import corrupted
from para_bench.records.factors import Factor

ZHANG_K1 = -0.2286
"""Radial distortion of the camera in Zhang 2000 (IEEE PAMI 22:1330, table 1)."""
LEVELS: dict[str, tuple[float, float, float]] = {
    "noise": (0.08, 0.12, 0.18),
    "blur": (3, 4, 6),
    "jpeg": (25, 18, 15),
    "exposure": (1 / 3, 2 / 3, 1.0),
    "white_balance": (5500, 3800, 2850),
    "lens_distortion": (ZHANG_K1 / 2, ZHANG_K1, 2 * ZHANG_K1),
}
"""Amounts (`sim.webcam`) at levels 1, 2 and 3. Noise, blur and JPEG: severities 1, 2 and 3 of ImageNet-C. At severity 4 of blur a
person no longer tells a round plate from a square tile at 224 px, and a scene is fair only where a person can; the three kinds are cut
at the same severity. Exposure: thirds of a stop up to the smaller error of Afifi et al. 2021, too long or too short by chance; at their
larger one, 1.5 stops, a pale plate saturates to the white of the target. White balance: the warm temperatures of Afifi & Brown 2019.
What a person can tell was judged on scenes of no split (`perf/webcam.py` draws them), and no policy was run."""
UNITS = {"noise": "of 1", "blur": "px", "jpeg": "quality", "exposure": "stops", "white_balance": "K", "lens_distortion": "k1"}


def webcam() -> Split:
    amounts = ", ".join(f"{kind} ({', '.join(f'{amount:.4g}' for amount in LEVELS[kind])} {UNITS[kind]})" for kind in LEVELS)
    return Split(
        "webcam",
        "trains on clean pictures; tests with pictures that a webcam has spoilt, by one kind at one of three levels; no policy is given "
        f"which; the levels are {amounts}",
        tuple(
            Condition(kind, str(level), corrupted(kind, amount, either_way=kind == "exposure"))
            for kind, found in LEVELS.items()
            for level, amount in enumerate(found, start=1)
        ),
        factors=tuple(map(_factor, LEVELS)),
    )


def _factor(kind: str) -> Factor:
    plain = kind.replace("_", " ")
    words = {str(level): f"{plain}, level {level}" for level, _ in enumerate(LEVELS[kind], start=1)}
    return Factor(kind, "curve", plain, "level", pooled=False, figure="webcam", level_words=words)
