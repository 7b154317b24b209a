"""state.json: what decided the last run on a folder, and every policy that was rolled out there, so that changes can be named."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from para_bench.files import write_json
from para_bench.provenance import differences, newer, versions
from para_bench.records import current
from para_bench.records.current import Place, State
from para_bench.records.documents import exists, read_bytes
from para_bench.rollouts.identity import UNSAID_PX

FILE_NAME = "state.json"
_GIVEN, PACKAGES = "backbone_weights", "packages"
_UNSAID = {"image_px": UNSAID_PX}
"""Values that states leave out."""


class Now(NamedTuple):
    """The state that decides a run."""

    episodes: Mapping[str, Any]
    """What decides episodes whatever the policy."""
    policies: Mapping[str, Mapping[str, Any]]
    """What decides each policy, by its hash."""
    states: Mapping[Place, State]


class History:
    """Of one folder of records, as it was before this run."""

    def __init__(self, folder: Path) -> None:
        """Raises ParaBenchError where current.json is damaged, or it or state.json is no file."""
        self._path, self._before = folder / FILE_NAME, current.read(folder)
        try:
            found = json.loads(read_bytes(self._path)) if exists(self._path) else None
        except (ValueError, RecursionError):  # damaged: it decides nothing, and is written anew
            found = None
        self._last: dict[str, Any] | None = found if isinstance(found, dict) else None
        kept = self._last.pop("policies", None) if self._last is not None else None
        packages = self._last.pop(PACKAGES, None) if self._last is not None else None
        self._packages: dict[str, str] = packages if isinstance(packages, dict) else {}
        self._policies: dict[str, Any] = kept if isinstance(kept, dict) else {}

    def policy(self, digest: str) -> dict[str, Any]:
        """What decided a policy, with the file of its `backbone_weights` if one was given; empty where the history does not have it."""
        found = self._policies.get(digest)
        return found if isinstance(found, dict) else {}

    def write(self, now: Now, weights: Path | None, kept: bool = False) -> None:
        """Add this run.

        Args:
            now: What decides it.
            weights: File of the backbone's weights; noted only, since their content decides.
            kept: Whether earlier episodes stay: then the versions of packages are theirs, so that each later run tells of a change.
        """
        given = str(weights.resolve()) if weights else None
        new = {digest: {**state, _GIVEN: given} for digest, state in now.policies.items()}
        write_json(
            self._path,
            {**now.episodes, PACKAGES: {**versions(), **(self._packages if kept else {})}, "policies": {**self._policies, **new}},
            indent=1,
        )

    def changes(self, split: str, now: Now, keep: Collection[tuple[Any, ...]], stale: int) -> Iterator[str]:
        """Lines for the user: episodes that are run again, and earlier episodes that count again.

        Args:
            split: Its name.
            now: This run.
            keep: Keys of the episodes that are on record: head, training seed, condition, level, scene.
            stale: Number of episodes whose records all have another policy or configuration.
        """
        if keep and (other := newer(self._packages, versions())):
            yield f"{split}: {len(keep)} episodes on record stay, of another installation: {other}; another --out runs all again"
        if stale:
            yield f"{split}: {stale} episodes on record are of another state and are run again: {self._why(now)}"
        changed = {place for place, state in now.states.items() if self._before.get(place, state) != state}
        back = sum(key[:4] in changed for key in keep)
        if back:
            yield f"{split}: {back} episodes of an earlier run are the current ones again: {self._why(now)}"

    def _why(self, now: Now) -> str:
        if self._last is None:
            return f"there is no {FILE_NAME} that tells what changed"
        found = [differences(self._last, now.episodes)]
        for place, state in now.states.items():
            before = self._before.get(place)
            old = self.policy(before.policy_hash) if before and before.policy_hash != state.policy_hash else {}
            if old:
                found.append(differences({**_UNSAID, **old, _GIVEN: None}, {**_UNSAID, **now.policies[state.policy_hash], _GIVEN: None}))
        return ", ".join(dict.fromkeys(filter(None, found))) or "the policies were trained again"
