"""`para-bench cache`: what the feature cache holds, and clearing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from para_bench.data.cache import cache_root, clear_cache, list_cache

if TYPE_CHECKING:
    from para_bench.arguments.looking import Cache


def cache(args: Cache) -> None:
    root = cache_root()
    if args.action == "clear":
        print(f"{clear_cache(root) / 1e6:.0f} MB freed in {root}")
        return
    entries = list_cache(root)
    table = Table("made", "backbone", "size [px]", "images", "MB", title=f"Feature cache in {root}", title_justify="left")
    for entry in entries:
        table.add_row(entry.created, entry.backbone, str(entry.image_size), str(entry.count), f"{entry.bytes / 1e6:.0f}")
    table.add_row("", "", "", "", f"{sum(entry.bytes for entry in entries) / 1e6:.0f}")
    Console().print(table)
