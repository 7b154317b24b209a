"""Plug-ins: rows that other packages add to our tables by an entry point, and objects named by an import path, "module:attribute"."""

from __future__ import annotations

import functools
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

from para_bench.text import meant, printable
from para_bench.types import ParaBenchError

T = TypeVar("T")

MAX_WORDS = 300
"""Most letters of a plug-in's own message that are shown."""

PATH_FORM = "module:Class"
SOURCE_PREFIX = "plugin/"
"""Prefix of a plug-in's files in the list of a result's sources: none of them can have the name of one of ours."""
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""Names of rows become parts of file names, of addresses and of SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED."""


@dataclass(frozen=True)
class Plugin:
    """An object of another package, not imported yet."""

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
        before = torch_settings()
        try:
            found: Any = importlib.import_module(module)
            for part in attribute.split("."):
                found = getattr(found, part)
        except BaseException as error:  # whatever its code raises
            raise_if_not_its_own(error)
            wanted = "a module on sys.path or in this folder, and a name in it" if not self.distribution else "a package that imports"
            raise ParaBenchError(f"{self} cannot be imported: {reason(error, module)}; allowed: {wanted}") from error
        if not _has_source(module):
            raise ParaBenchError(f"{self} lies in no file of its own, so that its code cannot be told apart; allowed: a module in a folder")
        if changed := [name for name, (value, _) in torch_settings().items() if name in before and value != before[name][0]]:
            for value, put_back in before.values():
                put_back(value)
            raise ParaBenchError(f"{self} changes {', '.join(changed)} when it is imported; allowed: to leave the settings of torch alone")
        return found

    @property
    def fence(self) -> Fence:
        """The fence around calls into the plug-in."""
        return Fence(str(self), self.module)

    def __str__(self) -> str:
        if not self.distribution:
            return f"{self.kind} {self.name!r}"
        return f"{self.kind} {self.name!r} ({self.path} of the package {self.distribution})"


@dataclass(frozen=True)
class Fence:
    """Wraps every call into a plug-in: whatever its code raises becomes one ParaBenchError that names the plug-in and the line.

    Ctrl-C and out-of-memory errors pass; so do our own errors that did not come through a line of the plug-in.
    """

    who: str
    """Start of the message: "head 'my_module:MyHead'"."""
    module: str
    """The line is looked for in this module's package. Our own modules are not fenced."""

    def __call__(self, what: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call it; `what` names the call in the message, before "raised"."""
        if self.module.partition(".")[0] == __name__.partition(".")[0]:
            return call(*arguments)
        streams = sys.stdout, sys.stderr
        try:
            found = call(*arguments)
        except BaseException as error:  # SystemExit and home-made ones too
            raise_if_not_its_own(error)
            if isinstance(error, ParaBenchError) and not place(error, self.module):
                raise
            raise ParaBenchError(f"{self.who}: {what} raised {reason(error, self.module)}") from error
        finally:
            sys.stdout, sys.stderr = streams
        if any(getattr(stream, "closed", False) for stream in streams):
            raise ParaBenchError(f"{self.who}: {what} closed the standard output or error; allowed: to leave them open")
        return found

    def around(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, fenced."""
        return functools.wraps(call)(functools.partial(self, what, call))


class Rows(Mapping[str, Any]):
    """Built-in rows by their import paths, each imported when it is first asked for."""

    def __init__(self, paths: Mapping[str, str], make: Callable[[Any], Any] = lambda found: found) -> None:
        """`make` turns the object that a path names into a row, once."""
        self._paths, self._make, self._made = dict(paths), make, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _, attribute = self._paths[name].partition(":")
            self._made[name] = self._make(getattr(importlib.import_module(module), attribute))
        return self._made[name]

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
        """`prepare` turns the object that a plug-in names into a row, or raises; names that are built in or `reserved` are refused."""
        self.builtin = builtin
        self._kind, self._prepare, self._reserved = kind, prepare, frozenset(reserved)
        self._loaded: dict[str, T] = {}

    @cached_property
    def plugins(self) -> Mapping[str, Plugin]:
        """Plug-ins by name. Raises ParaBenchError where a package uses a name that is taken."""
        return installed(self._kind, frozenset((*self.builtin, *self._reserved)))

    def check_names(self) -> None:
        """Raises ParaBenchError as `plugins`; a built-in row is found without this check."""
        _ = self.plugins

    def __getitem__(self, name: str) -> T:
        if name in self.builtin:
            return self.builtin[name]
        if name not in self._loaded:
            plugin = self.plugins[name]
            self._loaded[name] = self._prepare(plugin, plugin.load())
        return self._loaded[name]

    def find(self, name: str, also: str = "") -> T:
        """A row by name.

        Args:
            name: Of the row.
            also: What else the message says is allowed.

        Raises:
            ParaBenchError: unknown name, or a plug-in that cannot be imported.
        """
        if name not in self:
            raise ParaBenchError(f"{self._kind} {name!r} is unknown; allowed: {', '.join(self)}{also}{meant(name, self)}")
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self.builtin or name in self.plugins

    def __iter__(self) -> Iterator[str]:
        yield from self.builtin
        yield from self.plugins

    def __len__(self) -> int:
        return len(self.builtin) + len(self.plugins)


def named(plugin: Plugin, found: Any) -> Any:
    """The object that a plug-in names; an instance where it names a class.

    Raises:
        ParaBenchError: it cannot be made, or its own name is not that of the entry point.
    """
    row = plugin.fence("making it", found) if isinstance(found, type) else found
    if (own := plugin.fence("its name", getattr, row, "name", None)) != plugin.name:
        raise ParaBenchError(f"{plugin} has the attribute name = {own!r}; allowed: {plugin.name!r}, the name of its entry point")
    return row


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
    try:
        words = str(error).strip().splitlines()
    except BaseException as second:  # a message that cannot be made
        raise_if_not_its_own(second)
        words = []
    where = place(error, module)
    return f"{type(error).__name__}{f': {printable(words[0][:MAX_WORDS])}' if words else ''}{f' ({where})' if where else ''}"


def place(error: BaseException, module: str) -> str:
    """ "my_module.py:12": the innermost line in the package of `module` that the error went through; empty where there is none."""
    top, found = module.partition(".")[0], ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == top:
            found = f"{os.path.basename(frame.f_code.co_filename)}:{line}"  # noqa: PTH119 - a name, no file
    return found


def raise_if_not_its_own(error: BaseException) -> None:
    """Raises an error again that is not the fault of the code it came through: Ctrl-C, and out of memory (always as MemoryError)."""
    if isinstance(error, KeyboardInterrupt | MemoryError):
        raise error
    if type(error).__name__ == "OutOfMemoryError" or (isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)):
        raise MemoryError(str(error).strip().partition("\n")[0]) from error  # torch's own, of a GPU and of the CPU


def torch_settings() -> dict[str, tuple[Any, Callable[[Any], Any]]]:
    """Settings of torch that all results depend on: value and setter by name; none before torch is loaded, as when tables are listed."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "set_default_dtype"):  # not loaded, or only half
        return {}
    return {
        "torch's default dtype": (torch.get_default_dtype(), torch.set_default_dtype),
        "torch's number of threads": (torch.get_num_threads(), torch.set_num_threads),
        "torch's deterministic algorithms": (torch.are_deterministic_algorithms_enabled(), torch.use_deterministic_algorithms),
    }


def _has_source(module: str) -> bool:
    """Whether a module was read from a file or a folder, and not from an archive or out of thin air."""
    spec = getattr(sys.modules.get(module), "__spec__", None)
    places = [spec.origin] if spec and spec.origin else list(getattr(spec, "submodule_search_locations", None) or ())
    return any(os.path.exists(place) for place in places)  # noqa: PTH110 - strings of the import system


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"
