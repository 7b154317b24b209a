"""The data card of an exported data set: its contents, what its keys mean, how to train on it."""

from __future__ import annotations

from para_bench.lerobot_data import features as f
from para_bench.types import ACTIONS, Scene


def data_card(scene: Scene, about: str, demonstrations: int, episodes: int, frames: int, views: int, suite_version: str) -> str:
    """README.md of the data set, with the YAML header that dataset hubs read.

    Args:
        scene: The first scene.
        about: The task in words.
        demonstrations: Number of demonstrations.
        episodes: Number of lerobot's episodes: more than demonstrations where these have several views or frames between waypoints.
        frames: Number of frames in all episodes.
        views: Most views of one demonstration.
        suite_version: Suite version of para-bench.
    """
    return f"""---
license: apache-2.0
task_categories: [robotics]
tags: [LeRobot, para-bench, simulation]
configs:
- config_name: default
  data_files: data/*/*.parquet
---

# para-bench: {scene.task} with {scene.robot}

{demonstrations} demonstrations by the scripted expert of the task "{about}", simulated with MuJoCo (suite version {suite_version}):
{episodes} episodes, {frames} frames, {views} view{"s" * (views != 1)} of each demonstration at most. Every demonstration succeeds.
Written by `para-bench export-lerobot`; `para-bench import-lerobot` gives the demonstrations back.

A frame is one waypoint: the gripper is told where to be 0.24 s later, or later still where the way is long. Where demonstrations have
frames between waypoints, the frames of each offset are an episode of their own: in every episode the next action is the next waypoint.

| key | what it is |
|---|---|
| `{f.IMAGE}` | the camera's picture |
| `{f.STATE}` | {", ".join(f.NUMBERS)} of the gripper: metres in world, sine and cosine of twice the yaw, 1 is open |
| `{f.ACTION}` | the same of the waypoint |
| `{f.INTRINSICS}`, `{f.POSE}` | calibration: 3 x 3 [px] and 4 x 4, row by row, OpenCV camera frame |
| `{f.PIXEL}` | where the gripper is in the picture [px] |
| `label.waypoint` | {ACTIONS.text} |
| other `label.*` | the simulator's state; `{f.ABOUT}` has the scenes |

lerobot makes inputs of keys that begin with `observation` and of no other: calibration and labels are there for policies that ask for them.

    lerobot-train --dataset.repo_id=para-bench/{scene.task} --dataset.root=THIS_FOLDER --policy.type=act --policy.chunk_size=12 \\
        --policy.n_action_steps=12 --policy.push_to_hub=false

The world frame has its origin at the arm's base on the table top, x away from the base, z up. The workspace is {ACTIONS.low} to
{ACTIONS.high} m.
"""
