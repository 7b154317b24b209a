"""Scene -> MuJoCo model: the arm, the table, the room and the lights, and the task's own things, in one MjSpec."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from para_bench.sim import textures
from para_bench.sim.base import OBJECT, Robot, Task
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.types import Camera, ParaBenchError, Prop, Room, Scene, Surface

TABLE = "table"
"""Name of the geom of the table top."""
TIMESTEP_S = 0.002
OBJECT_MASS_KG = 0.03
TABLE_SIZE = (0.45, 0.60)
"""Half extents of the table top [m]; its centre is 0.2 m in front of the base."""
TABLE_CENTRE_X = 0.2
FLOOR_Z = -0.4
ROOM_HALF = 1.6
"""Distance of the walls from the middle of the table [m]."""
HIDDEN_GROUP = 3
"""Geom group that collides but is not drawn."""

_SHAPES = {
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
    "ellipsoid": mujoco.mjtGeom.mjGEOM_ELLIPSOID,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
}
WORLD_MASK = {"contype": 2, "conaffinity": 3}
"""Contact bits of what touches the arm (1) and other loose bodies (2); the arm never touches itself."""


def build(scene: Scene, task: Task, robot: Robot) -> mujoco.MjModel:
    """Compile a scene. Named parts: joint and geom `object`, geom `table`, camera `main`, the task's geoms and the robot's site."""
    spec = robot.mount()
    _set_options(spec, scene.room)
    _add_room(spec, scene.room)
    task.furnish(spec, scene.layout)
    for i, prop in enumerate(scene.layout.others):
        add_fixed(spec, f"other{i}", prop)
    for i, prop in enumerate(scene.room.clutter):
        add_fixed(spec, f"clutter{i}", prop)
    camera = spec.worldbody.add_camera(name="main")
    set_camera(camera, scene)
    return spec.compile()


def add_loose(spec: mujoco.MjSpec, prop: Prop, name: str = OBJECT) -> None:
    """A light body that stands on the table and can be moved, with a free joint and a geom of its name."""
    body = spec.worldbody.add_body(name=name, pos=[*prop.xy, prop.half_size[2]], quat=yaw_quat(prop.yaw))
    body.add_freejoint(name=name)
    body.add_geom(name=name, mass=OBJECT_MASS_KG, friction=[1.5, 0.02, 0.001], condim=4, **prop_geom(prop), **WORLD_MASK)


def add_fixed(spec: mujoco.MjSpec, name: str, prop: Prop, **options: Any) -> None:
    """A geom that stands on the table and stays; `options`: further arguments of MuJoCo's `add_geom`."""
    geom = prop_geom(prop) | WORLD_MASK | options
    spec.worldbody.add_geom(name=name, pos=[*prop.xy, prop.half_size[2]], quat=yaw_quat(prop.yaw), **geom)


def set_camera(camera: mujoco.MjsCamera, scene: Scene) -> None:
    """Place, rotation and lens of the scene's camera."""
    camera.pos = list(scene.camera.position)
    camera.quat = camera_quat(scene.camera)
    camera.fovy = scene.camera.fovy_deg


def camera_quat(camera: Camera) -> list[float]:
    """MuJoCo cameras look along -z with y up; ours along +z with y down: turn half a circle about x."""
    w, x, y, z = camera.quat_wxyz
    return [-x, w, z, -y]  # q * (0, 1, 0, 0)


def _set_options(spec: mujoco.MjSpec, room: Room) -> None:
    spec.option.timestep = TIMESTEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.impratio = 10  # keeps a friction grasp from creeping
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    visual = spec.visual
    # Software rendering pays for the shadow map and for tessellation, not for pixels (perf/drawing.py).
    visual.quality.shadowsize, visual.quality.offsamples = 512, 0
    visual.quality.numslices, visual.quality.numstacks, visual.quality.numquads = 16, 8, 1
    visual.map.znear, visual.map.zfar = 0.02, 8.0
    visual.headlight.ambient = [room.ambient] * 3
    visual.headlight.diffuse = [0.0] * 3
    visual.headlight.specular = [0.0] * 3
    # Fixed by hand: otherwise MuJoCo scales clipping planes and lights by the extent of each scene's bodies.
    spec.stat.extent, spec.stat.center = 1.0, [0.2, 0.0, 0.1]


def _add_room(spec: mujoco.MjSpec, room: Room) -> None:
    world = spec.worldbody
    for name, surface, repeat in (("table", room.table, 2.0), ("floor", room.floor, 4.0), ("walls", room.walls, 3.0)):
        _add_material(spec, name, surface, repeat)
    world.add_geom(
        name=TABLE,
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[*TABLE_SIZE, 0.015],
        pos=[TABLE_CENTRE_X, 0, -0.015],
        material="table",
        friction=[0.8, 0.01, 0.0005],
        **WORLD_MASK,
    )
    plane = {"type": mujoco.mjtGeom.mjGEOM_PLANE, "contype": 0, "conaffinity": 0}
    world.add_geom(name="floor", size=[ROOM_HALF, ROOM_HALF, 1], pos=[TABLE_CENTRE_X, 0, FLOOR_Z], material="floor", **plane)
    for i, (dx, dy) in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
        # A plane's z axis points into the room; its y axis is up, so that patterns stand upright.
        normal = np.array([-dx, -dy, 0.0])
        rotation = np.stack([np.cross([0, 0, 1.0], normal), [0, 0, 1.0], normal], axis=1).ravel()
        quat = np.zeros(4)
        mujoco.mju_mat2Quat(quat, rotation)
        position = [TABLE_CENTRE_X + ROOM_HALF * dx, ROOM_HALF * dy, FLOOR_Z + 1.25]
        world.add_geom(name=f"wall{i}", size=[ROOM_HALF, 1.25, 1], pos=position, quat=quat, material="walls", **plane)
    for light in room.lights:
        toward = WORKSPACE_CENTRE - np.asarray(light.position)
        world.add_light(
            pos=list(light.position),
            dir=(toward / np.linalg.norm(toward)).tolist(),
            diffuse=list(light.diffuse),
            specular=[0.1] * 3,
            castshadow=light.shadow,
            cutoff=60,
            exponent=1,
        )


def _add_material(spec: mujoco.MjSpec, name: str, surface: Surface, repeat: float) -> None:
    pixels = textures.draw(surface)
    texture = spec.add_texture(name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=textures.SIZE_PX, height=textures.SIZE_PX, nchannel=3)
    texture.data = pixels.tobytes()
    material = spec.add_material(name=name, texrepeat=[repeat, repeat], texuniform=False, specular=0.1, shininess=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name


def prop_geom(prop: Prop) -> dict[str, Any]:
    """Type, size and colour of its geom, for MuJoCo's `add_geom`."""
    if prop.shape not in _SHAPES:
        raise ParaBenchError(f"prop shape {prop.shape!r} is unknown; allowed: {', '.join(_SHAPES)}")
    x, y, z = prop.half_size
    size = {"cylinder": [x, z, 0], "capsule": [x, z - x, 0]}.get(prop.shape, [x, y, z])
    return {"type": _SHAPES[prop.shape], "size": size, "rgba": [*prop.rgb, 1]}


def yaw_quat(yaw: float) -> list[float]:
    """Rotation about z by `yaw` [rad], wxyz."""
    return [float(np.cos(yaw / 2)), 0, 0, float(np.sin(yaw / 2))]
