"""The code behind a result: the closure of imports from named entry points, 8 hex digits a file.

Digits are taken over the syntax tree: comments, docstrings, formatting and imports for type checkers alone do not count, imports inside
functions do. They are the same on every Python that we support.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, resolve_name
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from para_bench.plugins import SOURCE_PREFIX
from para_bench.provenance.stamp import stamp
from para_bench.provenance.syntax import digest_of, imports_of
from para_bench.types import ParaBenchError

OURS = "para_bench"
ROWS = {
    "heads": "HEADS: the head in use is named",
    "tasks": "TASKS: the task in use is named",
    "robots": "ROBOTS: the robot in use is named",
    "backbones": "BACKBONES: the row's weights, maps and module are named",
    "backbones.video_unet": "a model that timm knows by name: named where the row in use is one of it",
    "backbones.onnx_backbone": "ONNX Runtime: named where it computes the features in use",
    "benchmarks.splits": "SPLITS: the conditions of the split in use are named",
    "training.modules": "names the rows in use",
    "demonstrations.modules": "names the rows in use",
    "rollouts.policy": "the policy in use is named, with its head and backbone",
    "rollouts.loading": "the policy in use is named, with its head and backbone",
    "rollouts.references": "REFERENCES: the one in use is named",
    "rollouts.threshold": "a row of REFERENCES",
    "remote.lerobot": "a checkpoint of lerobot: named where the policy in use is one",
    "benchmarks.versions": "VERSIONS: what decides of the row in use is named",
}
"""Modules at which imports are not followed further: the row in use is named as an entry point, so that another row changes nothing."""
NEUTRAL = {
    "provenance": "tells results apart",
    "plugins": "finds what a name stands for; the name and its module are in the fingerprint",
    "files": "writes what it is given",
    "text": "makes names printable",
    "threads": "chooses how threads wait",
    "bars": "shows how far a stage is",
    "records": "writes down what came out",
    "report": "reads records",
    "conformance": "lets a head be trained or refuses it",
    "data.cache": "knows where cached files lie; their names hold what decides them",
    "sim.display": "finds out whether there is a screen",
    "sim.viewer": "shows a window",
    "sim.llvm": "loads libraries in an order that does not crash",
    "sim.gl": "chooses the OpenGL back end that MUJOCO_GL asks for, which is no code of ours",
}
"""Modules, with those below them, that decide no number of any result, with the reason."""


class Place(NamedTuple):
    """Where the modules of one entry point lie."""

    root: Path
    """The folder of its top-level module or package."""
    top: str
    neighbours: bool
    """Whether other modules of that folder count: true in a plain folder, where nothing is installed."""

    def owns(self, name: str) -> bool:
        return self.neighbours or name.partition(".")[0] == self.top

    def file(self, name: str) -> Path | None:
        base = self.root / name.replace(".", "/")
        ends = ("/__init__.py", ".py", *EXTENSION_SUFFIXES)
        return next((path for path in (Path(f"{base}{end}") for end in ends) if path.is_file()), None)

    def label(self, path: Path) -> str:
        """ "heads/para.py"; a plug-in's file never has the name of one of ours."""
        return f"{SOURCE_PREFIX}{path.relative_to(self.root)}" if self.top != OURS else str(path.relative_to(self.root / OURS))


_HOME = Place(Path(str(resources.files(OURS))).parent, OURS, False)


def closure(entries: Iterable[str]) -> dict[str, str]:
    """8 hex digits by file, for the entry points and for every module that they import, directly or not.

    Of a plug-in (a module outside para_bench) its own top-level package counts; if it lies in a plain folder, all of that folder.

    Args:
        entries: Names of modules, and paths of files of the package ("assets/arm.xml", "training/checkpoint.py"). Imports of such a file
            are not followed: the modules that it joins are entries themselves.

    Raises:
        ParaBenchError: an entry point of ours that does not exist.
    """
    return dict(_closure(frozenset(entries)))


def forget() -> None:
    """Read sources again: for tests that edit them, since a process runs the code that it has read."""
    for cached in (_closure, _source, _plain_folder):
        cached.cache_clear()
    _stamps.clear()


def edited() -> list[str]:
    """Files of results' code that are others now than when this process read them; comments and layout do not count."""
    found = []
    for path, before in list(_stamps.items()):
        if (now := stamp(path)) != before:
            if not path.is_file() or _digest(path.suffix, path.read_bytes()) != _digest(path.suffix, _source(path)):
                found.append(str(path))
            else:
                _stamps[path] = now
    return found


@cache
def _closure(named: frozenset[str]) -> Mapping[str, str]:
    found, seen, read = dict[str, str](), set[tuple[str, Place | None]](), set[Path]()
    left: list[tuple[str, Place | None]] = [(name, _place(name)) for name in sorted(named)]
    while left:
        name, place = item = left.pop()
        ours = _is_ours(name)
        if item in seen:
            continue
        seen.add(item)
        if ours and place is not _HOME:
            left += [(row, _HOME) for row in _rows_of(name)]
        if ours and name not in named and _is_left_out(name):
            continue
        place = _HOME if ours else place
        if place and not ours and not place.owns(name):
            place = _plain_folder(name)
        if place and not ours and place.file(name) is None:  # of another folder of a namespace package
            place = _place(name)
        path = _HOME.root / OURS / name if "/" in name else place.file(name) if place else None
        if path is None or place is None or not path.is_file():
            if ours and name in named:
                raise ParaBenchError(f"no module {name} to name as an entry point; allowed: a module or data file of para_bench")
            continue
        if path in read:
            continue
        read.add(path)
        source = _source(path)
        label = place.label(path)
        while label in found:  # of another folder
            label += "'"
        found[label] = _digest(path.suffix, source)
        if path.suffix == ".py" and "/" not in name:
            left += [(other, place) for other in _imported(name, path, source, place)]
    return dict(sorted(found.items()))


def _is_ours(name: str) -> bool:
    return name == OURS or name.startswith(f"{OURS}.") or "/" in name


def _is_left_out(name: str) -> bool:
    within = name.removeprefix(f"{OURS}.")
    return name == OURS or within in ROWS or any(within == other or within.startswith(f"{other}.") for other in NEUTRAL)


def _rows_of(name: str) -> list[str]:
    """All modules in a table's folder, where a plug-in imports the table or its `create`: it may get any row by name."""
    room = name.removesuffix(".create")
    if room.removeprefix(f"{OURS}.") not in ROWS:
        return []
    folder = _HOME.root / room.replace(".", "/")
    return [f"{room}.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


@cache
def _source(path: Path) -> bytes:
    """The file as this process first read it: later edits do not reach the code that runs."""
    _stamps[path] = stamp(path)
    return path.read_bytes()


_stamps: dict[Path, tuple] = {}
"""When each file was last written, as far as it was read."""


@lru_cache(maxsize=4096)
def _digest(suffix: str, source: bytes) -> str:
    if suffix == ".py":
        return digest_of(source)
    if suffix == ".xml":
        source = ElementTree.canonicalize(source.decode(), strip_text=True).encode()
    return hashlib.sha256(source).hexdigest()[:8]


def _imported(name: str, path: Path, source: bytes, place: Place) -> Iterator[str]:
    """Modules that a file imports, and names that may be modules: those that are not are dropped later."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    if place is not _HOME and "." in name:
        yield name.rpartition(".")[0]  # importing a.b runs a; packages of ours run nothing that decides
    for level, module, wanted in imports_of(source):
        base = _absolute(level, module, package)
        if not wanted:
            yield base
        elif _is_ours(base):
            yield _defined_in(base, wanted)
        else:
            yield from (base, f"{base}.{wanted}")


def _defined_in(base: str, wanted: str) -> str:
    """The module of ours that `from base import wanted` is about: what a package's `__init__` re-exports is defined elsewhere."""
    while True:
        if _HOME.file(f"{base}.{wanted}"):
            return f"{base}.{wanted}"
        path = _HOME.file(base)
        if path is None or path.name != "__init__.py" or _is_left_out(base):
            return base
        handed_on = _bindings(base, _source(path)).get(wanted)
        if handed_on is None or not _is_ours(handed_on[0]):
            return base
        base, wanted = handed_on


@lru_cache(maxsize=1024)
def _bindings(package: str, source: bytes) -> Mapping[str, tuple[str, str]]:
    """Local name -> (module, name) of each `from module import name` of an `__init__`."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            base = _absolute(node.level, node.module or "", package)
            found |= {alias.asname or alias.name: (base, alias.name) for alias in node.names}
    return found


def _absolute(level: int, module: str, package: str) -> str:
    try:
        return resolve_name("." * level + module, package) if level else module
    except ImportError:  # beyond the top-level package: fails when it is run
        return module


@cache
def _plain_folder(name: str) -> Place | None:
    """The place of a module in another plain folder on the path; None where it lies in none."""
    found = _place(name)
    return found if found and found.neighbours else None


def _place(name: str) -> Place | None:
    """Where an entry point lies; None for what has no file."""
    top = name.partition(".")[0]
    if _is_ours(name):
        return _HOME
    if top in sys.stdlib_module_names:
        return None
    try:
        spec = find_spec(top)
        origins = list(spec.submodule_search_locations or (spec.origin,)) if spec else []
    except (ImportError, ValueError):
        origins = [getattr(sys.modules.get(top), "__file__", None)]
    roots = [Path(origin).absolute().parent for origin in origins if origin and origin not in ("built-in", "frozen")]
    places = [Place(root, top, not any(root.glob("*.dist-info"))) for root in roots]  # a link's folder is where Python finds neighbours
    return next((place for place in places if place.file(name)), places[0] if places else None)  # a namespace package has several
