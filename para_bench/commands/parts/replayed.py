"""What a replay found, said and kept."""

from __future__ import annotations

from pathlib import Path

from para_bench.benchmarks.profiles import PROFILES
from para_bench.benchmarks.versions import find_version
from para_bench.replays.film import film, write_film
from para_bench.replays.name import name_of
from para_bench.replays.replay import Replay, split_folder
from para_bench.report.site.videos import video_name
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.episodes import config_hash
from para_bench.types import REPLAN_STEPS


def say(again: Replay) -> None:
    """ "novel_view/id/0/3/para/0: SAME (success after 28 steps)", or DIFFERENT with the likely reason; no verdict on another episode.

    Then the error of the policy, where one ended the episode.
    """
    _verdict(again)
    if again.raised:
        print(f"  the policy raised {again.raised}")


def _verdict(again: Replay) -> None:
    ended = f"({again.outcome.reason} after {again.outcome.steps} steps)"
    if again.asked_otherwise:
        print(f"{name_of(again.record)}: {again.asked_otherwise}: another episode, not compared {ended}")
        return
    if not again.difference:
        print(f"{name_of(again.record)}: SAME {ended}")
        return
    print(f"{name_of(again.record)}: DIFFERENT: {again.difference}")
    print(_reason(again))


def keep_film(again: Replay, results: Path, width_px: int | None) -> None:
    """A video beside the results, where `para-bench site` finds it; none where it would not show what the record says."""
    if again.asked_otherwise:
        print("no video: those beside the results show recorded episodes; allowed: --out FILE.mp4 or FILE.gif")
    elif not again.difference:
        path = split_folder(results, again.record.split) / "videos" / video_name(again.record)
        write_film(path, film([again]), width_px)
        print(f"video: {path}")


def _reason(again: Replay) -> str:
    """Whether other code made the record, which is the usual reason."""
    version = find_version(again.record.suite_version).number
    replan_steps = again.record.replan_steps or REPLAN_STEPS
    config = RunConfig(again.record.split, (), PROFILES["smoke"], suite_version=version, replan_steps=replan_steps)
    now = config_hash(config, config.find_split())
    if now == again.record.config_hash:
        return "  the record was made by the same code and settings: another renderer or machine may differ"
    return f"  the record was made by other code or settings ({again.record.config_hash}, now {now})"
