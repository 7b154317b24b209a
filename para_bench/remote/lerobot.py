"""A policy of lerobot with its processors, as a policy in Python that `local.LocalPolicy` calls.

It is asked as lerobot-eval asks it: one action at a time, which the policy takes from the chunk that it predicted last. `--replan-steps` is
its `n_action_steps`. A policy that remembers looks, or that averages its chunks, has to look at every waypoint.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
import torch

from para_bench.lerobot_data.installed import lerobot_part
from para_bench.plugins import reason
from para_bench.provenance import closure
from para_bench.remote.facts import facts_of
from para_bench.remote.keys import Keys, find_keys
from para_bench.remote.looks import parts_of
from para_bench.types import ParaBenchError, content_hash

PREFIX = "lerobot:"
"""Begins an address; the path of a folder, or the name of a model on the hub, follows."""
PRESET = "lerobot"
_TASK = "task"
_CONFIG = "config.json"
_ALLOWED = "a folder that lerobot's save_pretrained or lerobot-train (checkpoints/last/pretrained_model) wrote, or a model of the hub"


class LeRobotPolicy:
    """A policy as a factory returns it: called with a look, it answers with waypoints."""

    def __init__(self, where: str, replan_steps: int, keys: Keys | None = None) -> None:
        """Load it on the CPU, where all policies are rolled out.

        Args:
            where: Folder, or name on the hub.
            replan_steps: Waypoints executed before the next look.
            keys: Names of what it is given; those of the preset `lerobot` if None.

        Raises:
            ParaBenchError: lerobot is not installed, the policy is missing or cannot be loaded, it needs an input that the keys do not
                name, or it has to look more often than every `replan_steps` waypoints.
        """
        self._replan_steps = replan_steps
        folder = _folder(where)
        try:
            class_of = lerobot_part("lerobot.policies.factory", "get_policy_class")  # this import registers lerobot's own policies
            lerobot_part("lerobot.utils.import_utils", "register_third_party_plugins")()
            config_type = lerobot_part("lerobot.configs.policies", "PreTrainedConfig")
            config = config_type.from_pretrained(folder, cli_overrides=["--device=cpu"])
            config.pretrained_path = folder
            _look_every(config, replan_steps, where)
            kind = class_of(config.type)
            self._policy = kind.from_pretrained(folder, config=config)
            self._before, self._after = lerobot_part("lerobot.policies.factory", "make_pre_post_processors")(
                policy_cfg=config, pretrained_path=str(folder), preprocessor_overrides={"device_processor": {"device": "cpu"}}
            )
        except (ParaBenchError, KeyboardInterrupt, MemoryError):
            raise
        except Exception as error:  # whatever a policy's own code raises
            raise ParaBenchError(f"policy {PREFIX}{where} cannot be loaded: {reason(error, 'lerobot')}; allowed: {_ALLOWED}") from error
        self._inputs = {name: tuple(feature.shape) for name, feature in (config.input_features or {}).items()}
        self.policy_keys = _taken(keys or find_keys(PRESET), (*self._inputs, *getattr(config, "also_reads", ())), where)
        digest = _digest(folder)
        self.policy_version = f"files {digest}"
        code = closure((kind.__module__,))
        self.said = content_hash({"lerobot": version_of("lerobot"), "type": config.type, "files": digest, "code": code})
        self.facts = facts_of(folder, config, self._policy)
        self._noise = torch.get_rng_state()

    def reset(self, seed: int) -> None:
        """Start an episode; `seed` is for the policy's own noise."""
        self._policy.reset()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self._noise = torch.get_rng_state()

    def __call__(self, look: dict[str, Any]) -> np.ndarray:
        """Actions (replan_steps, columns of the keys) for the observations that the keys name."""
        given = {name: _tensor(name, value) for name, value in look.items()}
        for name, shape in self._inputs.items():
            if shape != (found := tuple(given[name].shape[1:])):
                cure = f", --image-size {shape[1]}" if len(shape) == 3 and shape[1] == shape[2] else ""
                raise ValueError(f"{name} has shape {found}; allowed: {shape}{cure}")
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.set_rng_state(self._noise)
            rows = [self._after(self._policy.select_action(self._before(dict(given))))[0] for _ in range(self._replan_steps)]
            self._noise = torch.get_rng_state()
        return torch.stack(rows).cpu().numpy()


def _folder(where: str) -> Path:
    """The policy's folder on this disk; a model of the hub is downloaded, or found in the cache."""
    path = Path(where)
    if (path / _CONFIG).is_file():
        return path
    if path.exists() or where.count("/") != 1:
        raise ParaBenchError(f"policy {PREFIX}{where} has no {_CONFIG}; allowed: {_ALLOWED}")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(where, allow_patterns=["*.json", "*.safetensors"]))
    except Exception as error:  # network, names and permissions each have their own errors
        raise ParaBenchError(f"policy {PREFIX}{where} cannot be had ({reason(error, 'lerobot')}); allowed: {_ALLOWED}") from None


def _look_every(config: Any, replan_steps: int, where: str) -> None:
    """Let the policy look again after `replan_steps` waypoints."""
    remembers = getattr(config, "n_obs_steps", 1) > 1 or getattr(config, "temporal_ensemble_coeff", None) is not None
    longest = 1 if remembers else next((getattr(config, name) for name in ("chunk_size", "n_action_steps") if hasattr(config, name)), 1)
    if replan_steps > longest:
        why = "has to look at every waypoint" if remembers else f"predicts chunks of {longest}"
        raise ParaBenchError(f"policy {PREFIX}{where} {why}; allowed: --replan-steps {longest}{' or fewer' if longest > 1 else ''}")
    if hasattr(config, "n_action_steps") and not remembers:
        config.n_action_steps = replan_steps


def _taken(keys: Keys, inputs: tuple[str, ...], where: str) -> Keys:
    """The part of the keys that the policy takes; every policy gets the task in words."""
    if missing := [name for name in inputs if name not in keys.observation]:
        known = ", ".join(name for name in keys.observation if name != _TASK)
        raise ParaBenchError(
            f"policy {PREFIX}{where} takes {', '.join(missing)}; allowed: {known}, or a --policy-keys file that names them"
        )
    kept = replace(keys, observation={name: part for name, part in keys.observation.items() if name in inputs or name == _TASK})
    if "depth" in parts_of(kept.observation):
        raise ParaBenchError(f"policy {PREFIX}{where} is given depth by its keys; allowed: pictures, numbers and the task")
    return kept


def _tensor(name: str, value: Any) -> Any:
    """As lerobot-eval hands over an observation: with a batch of one; pictures channel first in [0, 1]; matrices row by row."""
    if not isinstance(value, np.ndarray):
        return [value] if name == _TASK else value
    if value.dtype == np.uint8:
        return torch.from_numpy(value).permute(2, 0, 1).contiguous().float().div(255)[None]
    return torch.from_numpy(np.ascontiguousarray(value.ravel())).float()[None]


def _digest(folder: Path) -> str:
    """16 hex digits over weights, configuration and processors; how it was trained names folders of a machine and does not count."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".json", ".safetensors") and path.name != "train_config.json"):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
