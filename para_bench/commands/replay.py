"""`para-bench replay`: a recorded episode once more, checked against its record and filmed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional

from para_bench.options import REPLAN, Range, refuse_idle
from para_bench.types import ParaBenchError

SUFFIXES = (".mp4", ".gif")
CAMERAS = {"novel": (30.0, 30.0), "side": (90.0, 30.0), "top": (0.0, 80.0)}
"""Azimuth and elevation [deg] of cameras with a name."""


@dataclass(frozen=True)
class Replay:
    """Run a recorded episode again, and film it.

    It says whether the episode went as recorded (SAME or DIFFERENT). Without --out the video goes beside the results, where
    `para-bench site` finds it. Exit code 1 where it went differently. With another --replan-steps nothing is compared.

    Example: para-bench replay runs novel_view/view_angle/25/12/para/0 --beside global_token --out both.gif
    """

    results: Positional[Path]
    """A results folder, with its checkpoints."""
    episode: Positional[str]
    """SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED."""
    replan_steps: Annotated[int | None, REPLAN] = None
    """Waypoints executed before the policy looks again; as recorded if not given, and another number is another episode."""
    head: str | None = None
    """Another head in the same scene."""
    beside: tuple[str, ...] = ()
    """Further heads in the same scene, side by side in the video."""
    camera: str | None = None
    """Film from AZIMUTH,ELEVATION [deg], or from novel, side or top; the policy still sees through its own camera."""
    out: Path | None = None
    """A .mp4 or .gif."""
    width: Annotated[int | None, Range(32, 4096)] = None
    """Width of the video [px]."""
    speed: Annotated[float, Range(0.1, 10)] = 1.0
    """Speed of the video given with --out; 1 is real time."""
    rerun: Path | None = None
    """Also write a Rerun recording (.rrd); needs `pip install 'para-bench[rerun]'`."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if self.out is None:
            refuse_idle(self, ("speed",), "without --out", "with --out FILE.mp4 or FILE.gif")
        if self.out is None and self.rerun is not None:
            refuse_idle(self, ("width",), "with --rerun and without --out", "with --out FILE.mp4 or FILE.gif")

    def __call__(self) -> None:
        if self.out is not None and self.out.suffix not in SUFFIXES:
            raise ParaBenchError(f"--out {self.out}; allowed: a file that ends in {' or '.join(SUFFIXES)}")
        look_from = parse_camera(self.camera) if self.camera else None
        if look_from and self.out is None and self.rerun is None:
            raise ParaBenchError("--camera needs --out FILE.mp4 or FILE.gif: the videos beside the results show what the policy saw")

        from para_bench import records
        from para_bench.commands.parts.places import check_place
        from para_bench.commands.parts.replayed import keep_film, say
        from para_bench.records import current
        from para_bench.replays.film import film, write_film
        from para_bench.replays.name import find_record, parse_name
        from para_bench.replays.replay import replay, replay_job, split_folder
        from para_bench.replays.rerun import find_rerun, write_rerun

        first = parse_name(self.episode)
        first = first._replace(head=self.head or first.head)
        known = records.read(self.results)
        now = current.read(split_folder(self.results, first.split))
        chosen = [find_record(known, name, now) for name in (first, *(first._replace(head=head) for head in self.beside))]
        jobs = [replay_job(record, self.results, self.replan_steps) for record in chosen]
        for path in filter(None, (self.out, self.rerun)):
            check_place(path)
        if self.rerun is not None:
            find_rerun()
        found = [replay(record, job, look_from) for record, job in zip(chosen, jobs, strict=True)]
        for again in found:
            say(again)
        if self.out is not None:
            write_film(self.out, film(found), self.width, self.speed)
            print(f"video: {self.out}")
        elif self.rerun is None:
            for again in found:
                keep_film(again, self.results, self.width)
        if self.rerun is not None:
            write_rerun(self.rerun, found)
            print(f"recording: {self.rerun} (open it with: rerun {self.rerun})")
        if any(again.difference and not again.asked_otherwise for again in found):
            sys.exit(1)


def parse_camera(text: str) -> tuple[float, float]:
    """Azimuth and elevation [deg] from a name or "AZIMUTH,ELEVATION"."""
    from para_bench.replays.onlooker import check_angles

    if text in CAMERAS:
        return CAMERAS[text]
    try:
        azimuth, elevation = map(float, text.split(","))
    except ValueError:
        named = ", ".join(f"{name} ({a:g},{e:g})" for name, (a, e) in CAMERAS.items())
        raise ParaBenchError(f"--camera {text!r}; allowed: AZIMUTH,ELEVATION in degrees, or {named}") from None
    check_angles(azimuth, elevation)
    return azimuth, elevation
