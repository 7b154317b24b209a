"""`para-bench import-lerobot`: an exported LeRobot data set as demonstrations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class ImportLerobot:
    """Read demonstrations from a LeRobot data set that `export-lerobot` wrote.

    lerobot's tools may have taken episodes out of it (docs/LEROBOT.md).
    """

    dataset: Positional[Path]
    """Folder of the data set."""
    out: Path = Path("demos")
    """Folder for the demonstrations; views.json is beside them where they are seen from several cameras."""

    def __call__(self) -> None:
        from para_bench.demonstrations.kept import save_apart
        from para_bench.lerobot_data.importing import import_dataset

        found = import_dataset(self.dataset)
        save_apart(found.demonstrations, self.out, found.suite_version)
        count = len(found.demonstrations.scenes)
        said = "as they were exported" if found.unchanged else f"{found.left_out} of those that were exported are no longer there"
        print(f"{count} demonstrations ({len(found.demonstrations.frames)} frames), {said}: {self.out}")
