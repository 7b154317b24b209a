"""A scene with its task and robot: its simulation, its expert, and how it is read from plain JSON values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from para_bench.robots import find_robot
from para_bench.tasks import find_task
from para_bench.types import Camera, Corruption, Disturbance, ParaBenchError, Room, Rules, Scene, from_dict

if TYPE_CHECKING:
    from para_bench.sim.simulation import Simulation


def simulation_of(scene: Scene) -> Simulation:
    """The compiled scene, at its start."""
    from para_bench.sim.simulation import Simulation

    return Simulation(scene, find_task(scene.task), find_robot(scene.robot))


def expert_waypoints(scene: Scene) -> np.ndarray:
    """The expert's actions (N, 5) as ActionSpec. After a disturbance the expert goes on to the object's new place."""
    task, robot, moves = find_task(scene.task), find_robot(scene.robot), scene.disturbance
    actions = task.waypoints(scene, robot)
    if moves is None:
        return actions
    before = actions[: moves.step]
    x, y, z, yaw, _ = map(float, before[-1])
    after = replace(scene, layout=replace(scene.layout, object=scene.moved_object), home=(x, y, z, yaw))
    return np.concatenate([before, task.waypoints(after, robot)])


def scene_from_dict(value: Any) -> Scene:
    """The scene of which `types.to_dict` made a value.

    Raises:
        ParaBenchError: the value is no scene; says what is missing, unknown or of another type.
    """
    if not isinstance(value, dict):
        raise ParaBenchError(f"a scene is a {type(value).__name__}; allowed: an object with the fields of Scene")
    fields = Scene.__dataclass_fields__
    unknown, missing = [name for name in value if name not in fields], [name for name in ("layout", "camera", "room") if name not in value]
    if unknown or missing:
        raise ParaBenchError(f"a scene has fields {', '.join(map(str, value))}; allowed: {', '.join(fields)}")
    try:
        told, moved = value.get("told_camera"), value.get("disturbance")
        return Scene(
            layout=from_dict(find_task(value.get("task", "place")).layout_type, value["layout"]),
            camera=from_dict(Camera, value["camera"]),
            room=from_dict(Room, value["room"]),
            home=from_dict(tuple[float, float, float, float], value.get("home", Scene.home)),
            told_camera=None if told is None else from_dict(Camera, told),
            task=value.get("task", Scene.task),
            robot=value.get("robot", Scene.robot),
            rules=from_dict(Rules, value.get("rules", {})),
            disturbance=None if moved is None else from_dict(Disturbance, moved),
            late=from_dict(int, value.get("late", 0)),
            corruption=None if (picture := value.get("corruption")) is None else from_dict(Corruption, picture),
        )
    except ParaBenchError:
        raise
    except Exception as error:  # cattrs raises groups of many kinds
        if (told := _told_in(error)) is not None:
            raise ParaBenchError(str(told)) from None
        raise ParaBenchError(f"no scene of task {value.get('task', 'place')!r} ({type(error).__name__}: {error})") from None


def _told_in(error: BaseException) -> ParaBenchError | None:
    """The first error of ours in a group of errors."""
    if isinstance(error, ParaBenchError):
        return error
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for part in parts if (found := _told_in(part)) is not None), None)
