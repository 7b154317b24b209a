"""state.json: what decided the last run on a folder, and every policy that was rolled out there, so that a change is told in words."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from para_bench.files import write_json
from para_bench.provenance import differences
from para_bench.records import current
from para_bench.records.current import Place, State

FILE_NAME = "state.json"


class History:
    """Of one folder of records, as it was before this run."""

    def __init__(self, folder: Path) -> None:
        self._path, self._before = folder / FILE_NAME, current.read(folder)
        try:
            found = json.loads(self._path.read_text())
        except (OSError, ValueError):
            found = None
        self._last: dict[str, Any] | None = found if isinstance(found, dict) else None
        kept = self._last.pop("policies", None) if self._last is not None else None
        self._policies: dict[str, Any] = kept if isinstance(kept, dict) else {}

    def policy(self, digest: str) -> dict[str, Any]:
        """What decided a policy, and `backbone_weights`, the file that was given for them; empty where nothing tells."""
        found = self._policies.get(digest)
        return found if isinstance(found, dict) else {}

    def write(self, now: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]], weights: Path | None) -> None:
        """Add this run's."""
        given = str(weights.resolve()) if weights else None
        new = {digest: {**state, "backbone_weights": given} for digest, state in policies.items()}
        write_json(self._path, {**now, "policies": {**self._policies, **new}}, indent=1)

    def changes(
        self,
        split: str,
        states: Mapping[Place, State],
        now: Mapping[str, Any],
        policies: Mapping[str, Mapping[str, Any]],
        keep: Collection[tuple],
        stale: int,
    ) -> Iterator[str]:
        """Lines for the user: episodes that are run again, and those of an earlier state that are the current ones again."""
        if stale:
            yield f"{split}: {stale} episodes on record are of another state and are run again: {self._why(states, now, policies)}"
        changed = {place for place, state in states.items() if self._before.get(place, state) != state}
        back = sum(key[:4] in changed for key in keep)
        if back:
            yield f"{split}: {back} episodes of an earlier run are the current ones again: {self._why(states, now, policies)}"

    def _why(self, states: Mapping[Place, State], now: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]]) -> str:
        if self._last is None:
            return f"there is no {FILE_NAME} that tells what changed"
        found = [differences(self._last, now)]
        for place, state in states.items():
            before = self._before.get(place)
            if before and before.policy_hash != state.policy_hash and (old := self.policy(before.policy_hash)):
                found.append(
                    differences({name: part for name, part in old.items() if name != "backbone_weights"}, policies[state.policy_hash])
                )
        return ", ".join(dict.fromkeys(filter(None, found))) or "the policies were trained again"
