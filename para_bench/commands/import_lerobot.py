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
        from dataclasses import replace

        from para_bench.data.store import save
        from para_bench.files import write_json
        from para_bench.lerobot_data.importing import import_dataset
        from para_bench.types import to_dict

        found = import_dataset(self.dataset)
        if found.demonstrations.views:
            write_json(self.out / "views.json", to_dict(found.demonstrations.views))
        save(replace(found.demonstrations, views=()), self.out, found.suite_version)  # as `demos` does: views have a file of their own
        count = len(found.demonstrations.scenes)
        said = "as they were exported" if found.unchanged else f"{found.left_out} of those that were exported are no longer there"
        print(f"{count} demonstrations ({len(found.demonstrations.frames)} frames), {said}: {self.out}")
