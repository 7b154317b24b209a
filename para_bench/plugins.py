"""Plug-ins: rows that other packages add to our tables by an entry point, and things named by an import path, "module:attribute"."""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from para_bench.types import ParaBenchError

T = TypeVar("T")

PATH_FORM = "module:Class"
SOURCE_PREFIX = "plugin/"
"""Of a plug-in's files where a result states its sources: they never hide one of ours."""
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""Names of rows become parts of file names, of addresses and of SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED."""


@dataclass(frozen=True)
class Plugin:
    """Something of another package, not imported yet."""

    kind: str
    """head, split or backbone."""
    name: str
    path: str
    """ "module:attribute"."""
    distribution: str = ""
    """Name and version of the installed distribution that names it; empty for an import path."""

    @property
    def module(self) -> str:
        return self.path.split(":")[0]

    def load(self) -> Any:
        """Import it.

        Raises:
            ParaBenchError: it cannot be imported; says why, and in which line of its code.
        """
        if not _PATH.fullmatch(self.path):
            raise ParaBenchError(f"{self} is no import path; allowed: {PATH_FORM}, such as my_package.my_module:MyHead")
        if not self.distribution and os.getcwd() not in sys.path:  # noqa: PTH109 - a console command does not look there by itself
            sys.path.append(os.getcwd())  # noqa: PTH109 - last, so that no file there hides an installed module
        module, _, attribute = self.path.partition(":")
        try:
            found: Any = importlib.import_module(module)
            for part in attribute.split("."):
                found = getattr(found, part)
        except (Exception, SystemExit) as error:  # whatever its code raises
            wanted = "a module on sys.path or in this folder, and a name in it" if not self.distribution else "a package that imports"
            raise ParaBenchError(f"{self} cannot be imported: {reason(error, module)}; allowed: {wanted}") from error
        return found

    def __str__(self) -> str:
        if not self.distribution:
            return f"{self.kind} {self.name!r}"
        return f"{self.kind} {self.name!r} ({self.path} of the package {self.distribution})"


class Rows(Mapping[str, Any]):
    """Rows of ours by their import paths, each imported when it is asked for."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = dict(paths)

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = self._paths[name].partition(":")
        return getattr(importlib.import_module(module), attribute)

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Table(Mapping[str, T]):
    """Built-in rows in their order, then those of installed packages by name; these are imported when they are asked for."""

    def __init__(
        self,
        kind: str,
        builtin: Mapping[str, T],
        prepare: Callable[[Plugin, Any], T] = lambda _, found: found,
        reserved: Collection[str] = (),
    ) -> None:
        """`prepare` makes a row of what a plug-in names, or raises; `reserved` names no plug-in may have, beside the built-in ones."""
        self.builtin = builtin
        self._kind, self._prepare, self._reserved = kind, prepare, frozenset(reserved)
        self._loaded: dict[str, T] = {}

    @cached_property
    def plugins(self) -> Mapping[str, Plugin]:
        """Raises ParaBenchError where a package takes a name that is taken."""
        return installed(self._kind, frozenset((*self.builtin, *self._reserved)))

    def check_names(self) -> None:
        """Raises ParaBenchError as `plugins`; a row that is built in is found without this."""
        _ = self.plugins

    def __getitem__(self, name: str) -> T:
        if name in self.builtin:
            return self.builtin[name]
        if name not in self._loaded:
            plugin = self.plugins[name]
            self._loaded[name] = self._prepare(plugin, plugin.load())
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self.builtin or name in self.plugins

    def __iter__(self) -> Iterator[str]:
        yield from self.builtin
        yield from self.plugins

    def __len__(self) -> int:
        return len(self.builtin) + len(self.plugins)


@cache
def installed(kind: str, taken: frozenset[str]) -> Mapping[str, Plugin]:
    """Plug-ins of the entry point group `para_bench.KINDs` by name, in alphabetical order; imports none of them.

    Raises:
        ParaBenchError: a name that is `taken`, that two packages give, or that is no plain word.
    """
    found: dict[str, Plugin] = {}
    for point in sorted(entry_points(group=f"para_bench.{kind}s"), key=lambda point: (point.name, _distribution(point))):
        plugin = Plugin(kind, point.name, point.value, _distribution(point))
        if point.name in taken:
            raise ParaBenchError(
                f"{plugin} has the name of a built-in {kind}; allowed: another name (uninstall it or rename its entry point)"
            )
        if point.name in found:
            raise ParaBenchError(f"{plugin} has the name of {found[point.name]}; allowed: one package for a name (uninstall one)")
        if not _NAME.fullmatch(point.name):
            raise ParaBenchError(f"{plugin} has a name that is not allowed; allowed: letters, digits, and _ . - within")
        found[point.name] = plugin
    return found


def is_path(name: str) -> bool:
    """Whether a name is an import path instead of a row of a table."""
    return ":" in name


def file_name(name: str) -> str:
    """A head's name as a part of file names; that of a row stays as it is."""
    return name.replace(":", "-")


def reason(error: BaseException, module: str) -> str:
    """ "ValueError: too wide (my_module.py:12)", one line; the place is the innermost one in the package of `module`."""
    top = module.partition(".")[0]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_globals.get("__name__", "").partition(".")[0] == top]
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame in frames]
    place = f" ({os.path.basename(frames[-1].f_code.co_filename)}:{lines[-1]})" if frames else ""  # noqa: PTH119 - a name, no file
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}{f': {words[0]}' if words else ''}{place}"


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"
