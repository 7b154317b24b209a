"""Rules about predictions: waypoints in their units, and the same ones from a head that was stored and loaded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from safetensors.torch import load, save

from para_bench.conformance.conduct import steady
from para_bench.conformance.subject import SMALL, BrokenRuleError, Subject
from para_bench.types import ACTIONS

ROOM_M = 2.0
"""Even an untrained head stays in the room: a place that is not finite, or a kilometre away, means a wrong unit or a wrong frame."""


def waypoints(subject: Subject) -> None:
    """predict returns waypoints: 12 x (x y z [m], yaw [rad], opening), under both ways to decode"""
    with torch.inference_mode():  # as rollouts call it
        subject.predict(subject.fresh().eval())
    for decode in ("subcell", "argmax"):
        head = subject.fresh(replace(SMALL, decode=decode)).eval()
        for index, observation in enumerate(subject.case.observations):
            chunk = subject.chunk(head, subject.case.one(index), observation)
            _check(chunk.actions)
            if chunk.heatmaps is not None:
                _check_maps(chunk.heatmaps)


def weights(subject: Subject) -> None:
    """predict changes no weight"""
    head = subject.fresh().eval()
    before = {key: value.clone() for key, value in head.state_dict().items()}
    subject.predict(head)
    changed = [key for key, value in head.state_dict().items() if not torch.equal(value, before[key])]
    if changed:
        raise BrokenRuleError(f"predict changes {changed[0]}; allowed: a state that only training changes")


def checkpoint(subject: Subject) -> None:
    """a head that comes back from its checkpoint predicts what it did"""
    before, after = subject.fresh().eval(), subject.fresh(seed=1).eval()
    try:
        stored = save({name: value.contiguous() for name, value in before.state_dict().items()})
        after.load_state_dict(load(stored))
    except (RuntimeError, ValueError) as error:
        raise BrokenRuleError(f"its state_dict cannot be stored and loaded: {str(error).strip().splitlines()[0]}") from error
    steady(subject)
    difference = np.abs(subject.predict(before) - subject.predict(after)).max()
    if difference != 0:
        raise BrokenRuleError(
            f"the state_dict round trip changes predictions by up to {difference:.3g}; allowed: all that training changes in the state_dict"
        )


def _check(actions: np.ndarray) -> None:
    if (far := np.abs(actions[:, :3]).max()) >= ROOM_M:
        raise BrokenRuleError(f"predict returned a place {far:.3g} m from the base; allowed: within {ROOM_M:g} m (metres, in world)")
    if (turned := np.abs(actions[:, 3]).max()) > np.pi:  # modulo pi: any representative
        raise BrokenRuleError(f"predict returned a yaw of {turned:.3g}; allowed: -pi to pi (radians)")
    if not ((actions[:, 4] >= 0) & (actions[:, 4] <= 1)).all():
        raise BrokenRuleError(f"predict returned openings from {actions[:, 4].min():.3g} to {actions[:, 4].max():.3g}; allowed: 0 to 1")


def _check_maps(maps: np.ndarray) -> None:
    if not isinstance(maps, np.ndarray) or maps.dtype.kind != "f":
        raise BrokenRuleError(f"predict returned heatmaps in a {type(maps).__name__}; allowed: a numpy array of floats")
    if maps.ndim != 3 or len(maps) != ACTIONS.horizon:
        raise BrokenRuleError(f"predict returned heatmaps of shape {maps.shape}; allowed: ({ACTIONS.horizon}, H, W)")
    sums = maps.sum((1, 2))
    if not np.allclose(sums, 1, atol=1e-5):  # float32
        raise BrokenRuleError(f"predict returned heatmaps that sum to {sums.min():.4g} .. {sums.max():.4g}; allowed: 1 each")
