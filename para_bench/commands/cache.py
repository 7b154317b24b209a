"""`para-bench cache`: what the feature cache holds, and clearing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tyro.conf import Positional


@dataclass(frozen=True)
class Cache:
    """Show or clear the cache of features and images; both are made again when needed."""

    action: Positional[Literal["list", "clear"]] = "list"

    def __call__(self) -> None:
        from rich.console import Console
        from rich.table import Table

        from para_bench.data.cache import cache_root, clear_cache, list_cache
        from para_bench.text import printable
        from para_bench.types import ParaBenchError

        root = cache_root()
        if root.exists() and not root.is_dir():
            raise ParaBenchError(f"the cache {root} is no folder; allowed: a folder, named by PARA_BENCH_CACHE")
        if self.action == "clear":
            print(f"{clear_cache(root) / 1e6:.0f} MB freed in {root}")
            return
        entries = list_cache(root)
        table = Table("made", "backbone", "size [px]", "images", "MB", title=f"Feature cache in {root}", title_justify="left")
        for entry in entries:
            table.add_row(entry.created, printable(entry.backbone), str(entry.image_size), str(entry.count), f"{entry.bytes / 1e6:.0f}")
        table.add_row("", "", "", "", f"{sum(entry.bytes for entry in entries) / 1e6:.0f}")
        Console().print(table, markup=False)
