"""Values as plain JSON, functions among them: where one was written and what it holds, so that equal descriptions do the same."""

from __future__ import annotations

import copyreg
import functools
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from para_bench.types import ParaBenchError


def describe(value: Any, modules: set[str], around: tuple[int, ...] = ()) -> Any:
    """A value as plain JSON. Numbers are rounded to 1e-9: the last bit of a camera's pose depends on the processor.

    Args:
        value: Anything; a shift (`Scene -> Scene`) with the angles, regions and shifts that it was made from.
        modules: Gets the modules that the functions and classes met were written in.
        around: Ids of the values that this one is a part of.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | np.floating):
        return round(float(value), 9) + 0.0
    if id(value) in around:
        return "itself"

    def part(each: Any) -> Any:
        return describe(each, modules, (*around, id(value)))

    if isinstance(value, Mapping):
        return {str(name): part(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [part(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((part(each) for each in value), key=repr)
    if isinstance(value, np.ndarray | np.generic):
        return part(value.tolist())
    if isinstance(value, functools.partial):
        return {"partial": part(value.func), "given": part([value.args, value.keywords])}
    if isinstance(value, MethodType):
        return {"method": part(value.__func__), "of": part(value.__self__)}
    if isinstance(value, FunctionType):
        held = dict(zip(value.__code__.co_freevars, value.__closure__ or (), strict=True))
        inside = {name: part(_content(cell)) for name, cell in held.items()}
        return {"function": _name(value, modules), "holds": inside, "defaults": part([value.__defaults__, value.__kwdefaults__])}
    if isinstance(value, type):
        return _name(value, modules)
    if isinstance(value, ModuleType):
        return {"module": value.__name__}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if is_dataclass(value):
        return {"class": _name(type(value), modules), "holds": {f.name: part(getattr(value, f.name)) for f in fields(value)}}
    return {"class": _name(type(value), modules), "holds": part(getattr(value, "__dict__", None) or _reduced(value))}


def _reduced(value: Any) -> list:
    """What a value without attributes of its own holds, by its own account for `copy` and `pickle`: the parts of a fraction or a path."""
    if callable(listed := getattr(value, "tolist", None)):  # a tensor's account would be its storage
        return [listed()]
    try:
        own = copyreg.dispatch_table.get(type(value))
        account = own(value) if own else value.__reduce_ex__(2)
    except Exception as error:  # whatever its class does
        raise ParaBenchError(
            f"found a {type(value).__name__} in a shift; allowed: values that can be pickled, so that two differ"
        ) from error
    return [account] if isinstance(account, str) else [list(part) if isinstance(part, Iterator) else part for part in account[1:]]


def _name(thing: Any, modules: set[str]) -> str:
    modules.add(thing.__module__)
    return f"{thing.__module__}.{thing.__qualname__}"


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that its function has not given a value yet
        return None
