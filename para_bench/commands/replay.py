"""`para-bench replay`: a recorded episode once more, checked against its record and filmed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from para_bench import records
from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.splits import find_split
from para_bench.records import current
from para_bench.replays.film import SUFFIXES, film, write_film
from para_bench.replays.name import EpisodeName, find_record, name_of, parse_name
from para_bench.replays.onlooker import check_angles
from para_bench.replays.replay import Replay, replay_job, split_folder
from para_bench.replays.replay import replay as run_again
from para_bench.replays.rerun import write_rerun
from para_bench.report.site.videos import video_name
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash
from para_bench.types import REPLAN_STEPS, ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Replay as Arguments

CAMERAS = {"novel": (30.0, 30.0), "side": (90.0, 30.0), "top": (0.0, 80.0)}
"""Azimuth and elevation [deg] of cameras with a name."""


def replay(args: Arguments) -> None:
    look_from = parse_camera(args.camera) if args.camera else None
    if args.out is not None and args.out.suffix not in SUFFIXES:
        raise ParaBenchError(f"--out {args.out}; allowed: a file that ends in {' or '.join(SUFFIXES)}")
    if look_from and args.out is None and args.rerun is None:
        raise ParaBenchError("--camera needs --out FILE.mp4 or FILE.gif: the videos beside the results show what the policy saw")
    if args.width is not None and not 32 <= args.width <= 4096:
        raise ParaBenchError(f"--width is {args.width}; allowed: 32 to 4096 px")
    if not 0.1 <= args.speed <= 10:
        raise ParaBenchError(f"--speed is {args.speed}; allowed: 0.1 to 10")
    first = parse_name(args.episode)
    first = first._replace(head=args.head or first.head)
    known = records.read(args.results)
    now = current.read(split_folder(args.results, first.split))
    chosen = [find_record(known, name, now) for name in (first, *(first._replace(head=head) for head in args.beside))]
    jobs = [replay_job(record, args.results) for record in chosen]
    found = [run_again(record, job, look_from) for record, job in zip(chosen, jobs, strict=True)]
    for again in found:
        print(verdict(again))
        if again.difference:
            print(_reason(again))
    if args.out is not None:
        write_film(args.out, film(found), args.width, args.speed)
        print(f"video: {args.out}")
    elif args.rerun is None:
        _keep(found, args.results, args.width)
    if args.rerun is not None:
        write_rerun(args.rerun, found)
        print(f"recording: {args.rerun} (open it with: rerun {args.rerun})")
    if any(again.difference for again in found):
        sys.exit(1)


def parse_camera(text: str) -> tuple[float, float]:
    """Azimuth and elevation [deg] from a name or "AZIMUTH,ELEVATION"."""
    if text in CAMERAS:
        return CAMERAS[text]
    try:
        azimuth, elevation = map(float, text.split(","))
    except ValueError:
        named = ", ".join(f"{name} ({a:g},{e:g})" for name, (a, e) in CAMERAS.items())
        raise ParaBenchError(f"--camera {text!r}; allowed: AZIMUTH,ELEVATION in degrees, or {named}") from None
    check_angles(azimuth, elevation)
    return azimuth, elevation


def verdict(again: Replay) -> str:
    """ "novel_view/id/0/3/para/0: SAME (success after 28 steps)"."""
    name: EpisodeName = name_of(again.record)
    if again.difference:
        return f"{name}: DIFFERENT: {again.difference}"
    return f"{name}: SAME ({again.outcome.reason} after {again.outcome.steps} steps)"


def _reason(again: Replay) -> str:
    """Whether other code made the record, which is the usual reason."""
    config = RunConfig(again.record.split, (), PROFILES["smoke"], replan_steps=again.record.replan_steps or REPLAN_STEPS)
    now = config_hash(config, find_split(again.record.split))
    if now == again.record.config_hash:
        return "  the record was made by the same code and settings: another renderer or machine may differ"
    return f"  the record was made by other code or settings ({again.record.config_hash}, now {now})"


def _keep(found: list[Replay], results: Path, width_px: int | None) -> None:
    """One video a head beside the results, where `para-bench site` finds them."""
    for again in found:
        if not again.difference:  # a video must show what the record says
            path = split_folder(results, again.record.split) / "videos" / video_name(again.record)
            write_film(path, film([again]), width_px)
            print(f"video: {path}")
