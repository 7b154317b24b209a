"""Scene -> MuJoCo model: the arm's file, the table, the object, the plate, the room and the lights in one MjSpec."""

from __future__ import annotations

from importlib import resources

import mujoco
import numpy as np

from para_bench.sim import textures
from para_bench.sim.cameras import WORKSPACE_CENTRE
from para_bench.types import ParaBenchError, Prop, Scene, Surface

TIMESTEP_S = 0.002
PLATE_HALF_HEIGHT = 0.002
"""Half thickness of the target plate [m]."""
OBJECT_MASS_KG = 0.03
TABLE_SIZE = (0.45, 0.60)
"""Half extents of the table top [m]; its centre is 0.2 m in front of the base."""
TABLE_CENTRE_X = 0.2
FLOOR_Z = -0.4
ROOM_HALF = 1.6
"""Distance of the walls from the middle of the table [m]."""
HIDDEN_GROUP = 3
"""Geom group that is felt but not drawn."""

_SHAPES = {
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
    "ellipsoid": mujoco.mjtGeom.mjGEOM_ELLIPSOID,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
}
_WORLD_MASK = {"contype": 2, "conaffinity": 3}  # touches the arm (1) and other loose bodies (2); the arm never touches itself


def build(scene: Scene) -> mujoco.MjModel:
    """Compile a scene. Named parts: joint and geom `object`, geoms `target`, `target_top`, `table`, camera `main`, site `gripper`."""
    spec = mujoco.MjSpec.from_string(resources.files("para_bench").joinpath("assets/arm.xml").read_text())
    _set_options(spec, scene)
    _add_room(spec, scene)
    world = spec.worldbody
    world.add_geom(
        name="target",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[scene.target_radius, PLATE_HALF_HEIGHT, 0],
        pos=[*scene.target_xy, PLATE_HALF_HEIGHT],
        rgba=[*scene.target_rgb, 1],
        contype=0,
        conaffinity=0,
    )
    # The disc is what one sees and this hidden square around it is what things rest on: a box on a round plate has contact
    # points that jump, and rocks for ever with some MuJoCo releases (3.10).
    world.add_geom(
        name="target_top",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[scene.target_radius, scene.target_radius, PLATE_HALF_HEIGHT],
        pos=[*scene.target_xy, PLATE_HALF_HEIGHT],
        group=HIDDEN_GROUP,
        friction=[0.8, 0.01, 0.0005],
        **_WORLD_MASK,
    )
    body = world.add_body(name="object", pos=[*scene.object.xy, scene.object.half_size[2]], quat=_yaw_quat(scene.object.yaw))
    body.add_freejoint(name="object")
    body.add_geom(name="object", mass=OBJECT_MASS_KG, friction=[1.5, 0.02, 0.001], condim=4, **_prop_geom(scene.object), **_WORLD_MASK)
    for i, prop in enumerate(scene.clutter):
        world.add_geom(name=f"clutter{i}", pos=[*prop.xy, prop.half_size[2]], quat=_yaw_quat(prop.yaw), **_prop_geom(prop), **_WORLD_MASK)
    camera = world.add_camera(name="main")
    set_camera(camera, scene)
    return spec.compile()


def set_camera(camera: mujoco.MjsCamera, scene: Scene) -> None:
    """MuJoCo cameras look along -z with y up; ours along +z with y down: turn half a circle about x."""
    w, x, y, z = scene.camera.quat_wxyz
    camera.pos = list(scene.camera.position)
    camera.quat = [-x, w, z, -y]  # q * (0, 1, 0, 0)
    camera.fovy = scene.camera.fovy_deg


def _set_options(spec: mujoco.MjSpec, scene: Scene) -> None:
    spec.option.timestep = TIMESTEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.impratio = 10  # keeps a friction grasp from creeping
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    visual = spec.visual
    # Software rendering pays for the shadow map and for tessellation, not for pixels (perf/rendering.py).
    visual.quality.shadowsize, visual.quality.offsamples = 512, 0
    visual.quality.numslices, visual.quality.numstacks, visual.quality.numquads = 16, 8, 1
    visual.map.znear, visual.map.zfar = 0.02, 8.0
    visual.headlight.ambient = [scene.ambient] * 3
    visual.headlight.diffuse = [0.0] * 3
    visual.headlight.specular = [0.0] * 3
    # Fixed by hand: otherwise MuJoCo scales clipping planes and lights by the extent of each scene's bodies.
    spec.stat.extent, spec.stat.center = 1.0, [0.2, 0.0, 0.1]


def _add_room(spec: mujoco.MjSpec, scene: Scene) -> None:
    world = spec.worldbody
    for name, surface, repeat in (("table", scene.table, 2.0), ("floor", scene.floor, 4.0), ("walls", scene.walls, 3.0)):
        _add_material(spec, name, surface, repeat)
    world.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[*TABLE_SIZE, 0.015],
        pos=[TABLE_CENTRE_X, 0, -0.015],
        material="table",
        friction=[0.8, 0.01, 0.0005],
        **_WORLD_MASK,
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
    for light in scene.lights:
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


def _prop_geom(prop: Prop) -> dict:
    if prop.shape not in _SHAPES:
        raise ParaBenchError(f"prop shape {prop.shape!r} is unknown; allowed: {', '.join(_SHAPES)}")
    x, y, z = prop.half_size
    size = {"cylinder": [x, z, 0], "capsule": [x, z - x, 0]}.get(prop.shape, [x, y, z])
    return {"type": _SHAPES[prop.shape], "size": size, "rgba": [*prop.rgb, 1]}


def _yaw_quat(yaw: float) -> list[float]:
    return [float(np.cos(yaw / 2)), 0, 0, float(np.sin(yaw / 2))]
