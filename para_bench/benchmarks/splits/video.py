"""The split of the claim on features of a video-prediction backbone."""

from __future__ import annotations

from para_bench.benchmarks.conditions import Condition, Split, TrainingSet
from para_bench.envs.shifts import Shift, identity
from para_bench.envs.shifts.rooms import new_environment
from para_bench.envs.shifts.views import view_angle

SHIFTS: dict[str, Shift] = {"id": identity, "view 15": view_angle(15), "environment": new_environment}
"""In and out of distribution."""


def video_backbone() -> Split:
    two_stage = TrainingSet(video="two_stage")
    others = (TrainingSet(video="frozen"), TrainingSet(video="joint"))
    return Split(
        "video_backbone",
        "trains on features of a small video U-Net in place of the run's backbone; with two_stage the U-Net first learns to predict the "
        "next images of the demonstrations and of play, then trains on with the head at a tenth of its rate; with frozen it stays as it is "
        "after the first stage; with joint it trains from random weights with the head; tests in distribution, 15 deg off and in unseen "
        "rooms",
        (
            *(Condition("two_stage", name, shift, training=two_stage) for name, shift in SHIFTS.items() if shift is not identity),
            *(Condition(set_.video, name, shift, training=set_) for set_ in others for name, shift in SHIFTS.items()),
        ),
        training=two_stage,
    )
