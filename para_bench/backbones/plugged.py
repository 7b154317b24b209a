"""Rows of BACKBONES that installed packages add.

They are added here and not where the table stands: every checkpoint's name hangs on the sources of `para_bench/backbones`.
"""

from __future__ import annotations

from typing import Any

from para_bench.backbones import BACKBONES, BackboneRow
from para_bench.plugins import Plugin, installed
from para_bench.types import ParaBenchError

_BUILTIN = frozenset(BACKBONES)
PLUGINS = installed("backbone", _BUILTIN)


class PluginRow(BackboneRow):
    """A row that is imported when it is used; the import may register a model with timm."""

    def __init__(self, plugin: Plugin) -> None:
        object.__setattr__(self, "plugin", plugin)

    @property
    def _row(self) -> BackboneRow:
        plugin: Any = self.__dict__["plugin"]
        found = plugin.load()
        if not isinstance(found, BackboneRow):
            raise ParaBenchError(f"{plugin} is a {type(found).__name__}; allowed: a para_bench.backbones.BackboneRow")
        return found

    @property
    def timm_name(self) -> str:
        return self._row.timm_name

    @property
    def package(self) -> str | None:
        return self._row.package

    @property
    def strides(self) -> tuple[int, ...]:
        return self._row.strides


def add_backbones() -> None:
    """Once in every process, workers included."""
    BACKBONES.update({name: PluginRow(plugin) for name, plugin in PLUGINS.items()})
