"""What every row of HEADS keeps; a new head is tested by standing in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from torch import Tensor

from para_bench.geometry import turn
from para_bench.heads import HEADS, create_head
from para_bench.heads.base import SEES, Head, HeadConfig, HeadProtocol, sees_depth
from para_bench.tensors import Batch, Features, unit_intrinsics
from para_bench.types import ACTION_DIM, ACTION_HORIZON, WORKSPACE_HIGH, WORKSPACE_LOW, FeatureSpec, Observation, ParaBenchError

SMALL = HeadConfig(width=16)
ROOM_M = 2.0
"""Even an untrained head stays in the room: a place that is not finite, or a kilometre away, is a wrong unit or a wrong frame."""


@pytest.fixture(params=list(HEADS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def make(name: str) -> Callable[[FeatureSpec], Head]:
    def fresh(spec: FeatureSpec, config: HeadConfig = SMALL) -> Head:
        torch.manual_seed(0)  # any seed
        return create_head(name, spec, config)

    return fresh


def loss_of(head: Head, features: Features, batch: Batch) -> Tensor:
    torch.manual_seed(1)  # a head may draw noise: the same in every call
    return head.loss(features, batch)[0]


def beyond_the_end(batch: Batch, change: Callable[[Tensor], Tensor]) -> Batch:
    """Other labels at the timesteps that are not valid."""
    past = ~batch.valid[..., None]
    return replace(
        batch, **{n: torch.where(past, change(getattr(batch, n)), getattr(batch, n)) for n in ("actions", "encoded", "action_pixels")}
    )


def test_head_keeps_the_protocol(make, case) -> None:
    head = make(case.spec)
    assert isinstance(head, HeadProtocol)
    assert isinstance(head, torch.nn.Module)
    assert head.sees in SEES


def other_camera(case) -> tuple[Batch, Observation]:
    """The same windows and the first observation, told another calibration: a camera moved, turned and zoomed."""
    moved = replace(turn(case.observations[0].camera, 5.0, 3.0, 10.0, 46.0), position=(0.7, 0.3, 0.5))
    batch = replace(
        case.batch,
        gripper_pixel=case.batch.gripper_pixel + 0.1,
        intrinsics=torch.from_numpy(unit_intrinsics(moved)).float().expand_as(case.batch.intrinsics),
        world_from_camera=torch.from_numpy(moved.world_from_camera).float().expand_as(case.batch.world_from_camera),
    )
    return batch, replace(case.observations[0], camera=moved)


def test_a_head_uses_the_calibration_exactly_if_it_says_so(make, case) -> None:
    head = make(case.spec).eval()
    batch, observation = other_camera(case)
    told = [head.predict(case.one(0), seen, torch.Generator().manual_seed(0)).actions for seen in (case.observations[0], observation)]
    says = "calibration" in head.sees
    assert np.array_equal(*told) is not says
    assert (loss_of(head, case.features, batch) == loss_of(head, case.features, case.batch)).item() is not says


def test_a_head_uses_the_depth_exactly_if_it_says_so(make, case) -> None:
    head = make(case.spec).eval()
    nearer = [replace(case.observations[0], depth=case.observations[0].depth * factor) for factor in (1.0, 0.97)]
    told = [head.predict(case.one(0), seen, torch.Generator().manual_seed(0)).actions for seen in nearer]
    assert np.array_equal(*told) is not sees_depth(head)
    changed = replace(case.batch, depth=case.batch.depth * 0.97)
    assert (loss_of(head, case.features, changed) == loss_of(head, case.features, case.batch)).item() is not sees_depth(head)
    if not sees_depth(head):  # and it is never given any
        bare = replace(case.batch, depth=None)
        assert loss_of(head, case.features, bare) == loss_of(head, case.features, case.batch)


def test_loss_is_a_finite_scalar_with_its_parts(make, case) -> None:
    loss, parts = make(case.spec).loss(case.features, case.batch)
    assert loss.shape == ()
    assert torch.isfinite(loss)
    assert parts
    assert all(isinstance(value, float) and np.isfinite(value) for value in parts.values())


def test_every_parameter_gets_a_gradient(make, case) -> None:
    head = make(case.spec)
    for _ in range(3):  # a layer that starts at zero hides those before it until it has moved
        head.zero_grad()
        loss_of(head, case.features, case.batch).backward()
        torch.optim.SGD(head.parameters(), lr=1e-3).step()
    silent = [
        key for key, value in head.named_parameters() if value.grad is None or not value.grad.any() or not value.grad.isfinite().all()
    ]
    assert silent == []


def test_padded_timesteps_do_not_change_the_loss(make, case) -> None:
    head, original = make(case.spec), case.batch
    assert (~original.valid).any()
    expected = loss_of(head, case.features, original)
    for change in (lambda x: x + 0.3, lambda x: -x, torch.zeros_like):
        changed = beyond_the_end(original, change)
        assert any(not torch.equal(getattr(changed, f.name), getattr(original, f.name)) for f in fields(Batch))
        assert loss_of(head, case.features, changed).item() == expected.item()


def test_padded_timesteps_do_not_change_a_gradient(make, case) -> None:
    head = make(case.spec)
    gradients = []
    for batch in (case.batch, beyond_the_end(case.batch, torch.zeros_like)):
        head.zero_grad()
        loss_of(head, case.features, batch).backward()
        gradients.append([value.grad.clone() for value in head.parameters() if value.grad is not None])
    assert all(torch.equal(a, b) for a, b in zip(*gradients, strict=True))


def test_valid_timesteps_change_the_loss(make, case) -> None:
    """Or the two tests above would pass on a head that ignores its labels."""
    head, b = make(case.spec), case.batch
    moved = replace(b, actions=b.actions + 0.02, encoded=b.encoded + 0.3, action_pixels=b.action_pixels + 0.1)
    assert loss_of(head, case.features, moved) != loss_of(head, case.features, b)


def test_features_and_state_change_the_prediction(make, case) -> None:
    head = make(case.spec).eval()
    observation = case.observations[0]
    pose = observation.gripper_pose + np.r_[0.03, 0.05, 0.02, np.zeros(4)]
    predicted = [
        head.predict(features, seen, torch.Generator().manual_seed(0)).actions
        for features, seen in (
            (case.one(0), observation),
            (case.one(1), observation),
            (case.one(0), replace(observation, gripper_pose=pose, gripper_yaw=0.7)),
        )
    ]
    assert np.array_equal(predicted[0], predicted[1]) is ("RGB" not in head.sees)
    assert not np.array_equal(predicted[0], predicted[2])


@pytest.mark.parametrize("decode", ["subcell", "argmax"])
def test_predictions_are_waypoints(make, case, decode: str) -> None:
    head = make(case.spec, replace(SMALL, decode=decode)).eval()
    for index, observation in enumerate(case.observations):
        chunk = head.predict(case.one(index), observation, torch.Generator().manual_seed(0))
        assert chunk.actions.shape == (ACTION_HORIZON, ACTION_DIM)
        assert np.isfinite(chunk.actions).all()
        assert (np.abs(chunk.actions[:, :3]) < ROOM_M).all()
        assert (np.abs(chunk.actions[:, 3]) <= np.pi).all()  # modulo pi: any representative, but no degrees
        assert ((chunk.actions[:, 4] >= 0) & (chunk.actions[:, 4] <= 1)).all()
        if chunk.heatmaps is not None:
            assert chunk.heatmaps.shape[0] == ACTION_HORIZON
            np.testing.assert_allclose(chunk.heatmaps.sum((1, 2)), 1, atol=1e-5)  # float32


def test_predictions_depend_on_the_generator_alone(make, case) -> None:
    head = make(case.spec).eval()

    def predict(seed: int) -> np.ndarray:
        return head.predict(case.one(0), case.observations[0], torch.Generator().manual_seed(seed)).actions

    first = predict(7)
    torch.manual_seed(99)  # the global state must not matter
    torch.rand(5)
    np.testing.assert_array_equal(predict(7), first)


def test_prediction_changes_no_weight(make, case) -> None:
    head = make(case.spec).eval()
    before = {key: value.clone() for key, value in head.state_dict().items()}
    head.predict(case.one(0), case.observations[0], torch.Generator().manual_seed(0))
    assert all(torch.equal(value, before[key]) for key, value in head.state_dict().items())


# Heads that take half a minute for it; they run with the slow tests.
HEAVY = ("act", "diffusion", "diffusion_plucker", "lift_splat", "rvt", "point_cloud")


@pytest.mark.integration
@pytest.mark.parametrize("name", [pytest.param(head, marks=pytest.mark.slow if head in HEAVY else ()) for head in HEADS], indirect=True)
def test_head_can_overfit_one_batch(name, make, pyramid_case) -> None:
    """300 steps on four windows: the loss falls, and what is predicted approaches the labels."""
    case, steps, warmup = pyramid_case, 300, 50
    head = make(case.spec, HeadConfig(width=32))

    def errors() -> np.ndarray:
        """Mean distance [m], yaw error [rad] and opening error over the valid timesteps."""
        rows = []
        for index, observation in enumerate(case.observations):
            found = head.predict(case.one(index), observation, torch.Generator().manual_seed(0)).actions
            off = (found - case.batch.actions[index].numpy())[case.batch.valid[index].numpy()]
            off[:, 3] = (off[:, 3] + np.pi / 2) % np.pi - np.pi / 2
            rows.append([np.linalg.norm(off[:, :3], axis=1).mean(), np.abs(off[:, 3]).mean(), np.abs(off[:, 4]).mean()])
        return np.mean(rows, axis=0)

    before, losses = errors(), []
    optimiser = torch.optim.AdamW(head.parameters(), lr=3e-3)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(1, (s + 1) / warmup) * 0.5 * (1 + np.cos(np.pi * s / steps)))
    for _ in range(steps):
        loss = head.loss(case.features, case.batch)[0]
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
        rate.step()
        losses.append(loss.item())
    assert np.mean(losses[-10:]) < 0.25 * losses[0]  # a cross-entropy on soft labels keeps their entropy, about a seventh of it
    if name == "affordance":
        return  # its motion is fixed: what it learns is where, which its own tests hold
    assert (errors() < before / 3).all(), (before, errors())  # a third: where the slowest head is after 14 s on one core


def test_an_unknown_head_is_told_with_the_known_ones(pyramid_case) -> None:
    with pytest.raises(ParaBenchError, match=f"'nonsense' is unknown; allowed: {', '.join(HEADS)}"):
        create_head("nonsense", pyramid_case.spec, SMALL)


def test_workspace_is_a_box() -> None:
    assert all(low < high for low, high in zip(WORKSPACE_LOW, WORKSPACE_HIGH, strict=True))
