"""Messages as bytes: msgpack with arrays, as openpi and vla-eval write them. Never pickle; every size is checked before it is used.

openpi writes an array as `{b"__ndarray__": True, b"data", b"dtype", b"shape"}` and a scalar as `{b"__npgeneric__": True, ...}`, vla-eval
with the same names as text and images as `{"__image__": True, "format": "png" | "jpeg" | "raw", "data", "shape"}`. Both are read here,
each is written in its own way. Sources: openpi-client 0.1.2 `msgpack_numpy.py`, vla-eval 0.8.0 `protocol/`.
"""

from __future__ import annotations

import io
import math
import re
from typing import Any

import msgpack
import numpy as np

LARGEST = 64 * 2**20
"""Bytes of a message that is read: some images of 4096 x 4096 px fit."""
MOST_ITEMS = 1_000_000
"""Items of a list in a message; actions come as arrays."""
MOST_NAMES = 10_000
"""Names of an object in a message."""
MOST_AXES = 8
_DTYPE = re.compile(r"[<>|=]?(b1|[iuf][1248])")
"""Booleans, integers and floats: no objects, no records, no text."""
_MARKS = ("__ndarray__", "__npgeneric__", "__image__")


def packed(value: Any, text_keys: bool) -> bytes:
    """Plain values, lists, objects and arrays of numbers as msgpack.

    Args:
        value: What is sent.
        text_keys: Whether the names in an array are text (vla-eval) or bytes (openpi).

    Raises:
        TypeError: `unpacked` could not read it again.
    """
    try:
        return msgpack.Packer().pack(_sent(value, text_keys))
    except RecursionError:
        raise TypeError("cannot send what is nested so deep; allowed: a few levels") from None
    except (ValueError, OverflowError) as error:  # numbers beyond 64 bits, half letters, the depth that msgpack takes
        raise TypeError(f"cannot send it ({error}); allowed: plain values and arrays of numbers") from None


def _sent(value: Any, text_keys: bool) -> Any:
    """The value with arrays as objects."""
    if isinstance(value, np.ndarray) and _DTYPE.fullmatch(value.dtype.str) and value.ndim <= MOST_AXES:
        parts = {"__ndarray__": True, "data": value.tobytes(), "dtype": value.dtype.str, "shape": list(value.shape)}
        return parts if text_keys else {name.encode(): part for name, part in parts.items()}
    if isinstance(value, np.generic):
        return _sent(value.item(), text_keys)
    if isinstance(value, dict):
        if len(value) > MOST_NAMES:
            raise TypeError(f"cannot send an object of {len(value)} names; allowed: {MOST_NAMES}")
        for name in value:
            if type(name) is not str or name in _MARKS:
                raise TypeError(f"cannot send an object with the name {str(name)[:40]!a}; allowed: text, but for {', '.join(_MARKS)}")
        return {name: _sent(part, text_keys) for name, part in value.items()}
    if type(value) in (list, tuple):  # msgpack's own extensions are tuples of another type
        if len(value) > MOST_ITEMS:
            raise TypeError(f"cannot send a list of {len(value)} items; allowed: {MOST_ITEMS}")
        return [_sent(part, text_keys) for part in value]
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    what = f"an array of {value.dtype} and {value.ndim} axes" if isinstance(value, np.ndarray) else type(value).__name__
    raise TypeError(f"cannot send {what}; allowed: plain values and arrays of numbers with at most {MOST_AXES} axes")


def unpacked(data: bytes) -> Any:
    """The value of a message.

    Raises:
        ValueError: it is no msgpack, claims more than it holds, or holds what is neither plain nor an array of numbers.
    """
    try:
        found = msgpack.unpackb(data, max_array_len=MOST_ITEMS, max_map_len=MOST_NAMES, max_ext_len=0)
        return _taken(found)
    except RecursionError:
        raise ValueError("nested too deep") from None
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as error:
        raise ValueError(str(error).partition("\n")[0] or type(error).__name__) from None


def _taken(value: Any) -> Any:
    if isinstance(value, dict):
        names = {name.decode("ascii", "replace") if isinstance(name, bytes) else name: part for name, part in value.items()}
        if mark := next((mark for mark in _MARKS if mark in names), None):
            return {"__ndarray__": _array, "__npgeneric__": _scalar, "__image__": _image}[mark](names)
        if any(isinstance(name, bytes) for name in value):
            raise ValueError("an object with a name of bytes; allowed: text")
        return {name: _taken(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_taken(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    raise ValueError(f"a {type(value).__name__}; allowed: plain values and arrays of numbers")


def _array(parts: dict[str, Any]) -> np.ndarray:
    dtype, shape, data = _dtype(parts.get("dtype")), _shape(parts.get("shape")), parts.get("data")
    if not isinstance(data, bytes) or len(data) != math.prod(shape) * dtype.itemsize:
        found = f"{len(data)} bytes" if isinstance(data, bytes) else f"a {type(data).__name__}"
        raise ValueError(f"an array of shape {shape} and dtype {dtype.str} in {found}; allowed: {math.prod(shape) * dtype.itemsize} bytes")
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _scalar(parts: dict[str, Any]) -> Any:
    value = parts.get("data")
    if not isinstance(value, bool | int | float):
        raise ValueError(f"a scalar that is a {type(value).__name__}; allowed: a number")
    with np.errstate(over="ignore"):  # a float too large for its type is infinite
        return _dtype(parts.get("dtype")).type(value).item()


def _image(parts: dict[str, Any]) -> np.ndarray:
    if parts.get("format") == "raw":
        return _array(parts)
    from PIL import Image

    shape, data = _shape(parts.get("shape")), parts.get("data")
    if parts.get("format") not in ("png", "jpeg") or not isinstance(data, bytes):
        raise ValueError(f"an image of format {str(parts.get('format'))[:20]!r}; allowed: raw, png, jpeg")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
            if shape[:2] != (found.height, found.width) or found.height * found.width * 4 > LARGEST:
                raise ValueError(f"an image of {found.height} x {found.width} px that says {shape}; allowed: the same, at most 4096 x 4096")
            image = np.array(found)
    except Exception as error:  # Pillow's readers raise many kinds where bytes are damaged
        raise ValueError(f"an image that cannot be read ({error})") from None
    if image.shape != shape:
        raise ValueError(f"an image of shape {image.shape} that says {shape}; allowed: the same")
    return image


def _dtype(name: Any) -> np.dtype:
    name = name.decode("ascii", "replace") if isinstance(name, bytes) else name
    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        raise ValueError(f"an array of dtype {str(name)[:20]!r}; allowed: booleans, integers and floats")
    return np.dtype(name)


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > MOST_AXES or not all(type(side) is int and 0 <= side <= LARGEST for side in value):
        raise ValueError(f"an array of shape {str(value)[:40]}; allowed: a list of at most {MOST_AXES} whole numbers")
    return tuple(value)
