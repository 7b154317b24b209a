"""Whatever is written is read back equal, or refused as it is written; whatever is read is a value or one line."""

from __future__ import annotations

import io
import math
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from laws import LAW
from PIL import Image

from para_bench.remote.codec import MOST_ITEMS, MOST_NAMES, packed, unpacked

DTYPES = ("?", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8", ">f4", ">i2", "<f8")
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20) | st.binary(max_size=20)
numbers = npst.from_dtype(np.dtype("f4")) | npst.from_dtype(np.dtype("i2")) | npst.from_dtype(np.dtype("?"))
plain = st.recursive(
    scalars | arrays, lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=12), part, max_size=4), max_leaves=12
)

pytestmark = pytest.mark.integration  # hundreds of examples each


def same(found: Any, given: Any) -> bool:
    if isinstance(given, np.ndarray):
        native = given.astype(given.dtype.newbyteorder("="))
        return isinstance(found, np.ndarray) and (found.dtype, found.shape, found.tobytes()) == (
            native.dtype,
            native.shape,
            native.tobytes(),
        )
    if isinstance(given, list):
        return type(found) is list and len(found) == len(given) and all(map(same, found, given))
    if isinstance(given, dict):
        return type(found) is dict and found.keys() == given.keys() and all(same(found[name], given[name]) for name in given)
    if isinstance(given, float) and math.isnan(given):
        return type(found) is float and math.isnan(found)
    return type(found) is type(given) and found == given


@LAW
@given(plain, st.booleans())
def test_what_is_written_is_read_back(value: Any, text_keys: bool) -> None:
    assert same(unpacked(packed(value, text_keys)), value)


@LAW
@given(numbers, st.booleans())
def test_numpy_s_own_numbers_are_plain_ones(value: Any, text_keys: bool) -> None:
    assert same(unpacked(packed({"a": value}, text_keys)), {"a": value.item()})


class Odd:
    """Nothing that a message may hold."""


NOT_SENT = {
    "an object": Odd(),
    "a mark of ours as a name": {"__ndarray__": True},
    "one of the others": {"a": [{"__image__": 3}]},
    "in bytes": {b"__npgeneric__": 1},
    "names of bytes": {"a": {b"a": 1}},
    "numbers as names": {1: 2},
    "nothing as a name": {None: 1},
    "too large a number": {"a": 2**64},
    "too small a number": {"a": -(2**63) - 1},
    "half a letter": {"a": "\ud800"},
    "half a letter in a name": {"\ud800": 1},
    "complex numbers": np.zeros(2, complex),
    "text in an array": np.array(["a"]),
    "objects in an array": np.array([Odd()], object),
    "too many items": [0] * (MOST_ITEMS + 1),
    "too many names": {str(index): 0 for index in range(MOST_NAMES + 1)},
    "too many axes": np.zeros((1,) * 9),
    "a set": {"a": {1}},
    "a time": msgpack.Timestamp(1),
    "an extension": msgpack.ExtType(5, b"x"),
}


def deep() -> Any:
    value: Any = 1
    for _ in range(2000):
        value = [value]
    return value


@pytest.mark.parametrize("name", [*NOT_SENT, "too deep"])
@pytest.mark.parametrize("text_keys", [True, False])
def test_what_could_not_be_read_is_not_written(name: str, text_keys: bool) -> None:
    with pytest.raises(TypeError, match=r"cannot send .*; allowed: ") as told:
        packed(NOT_SENT[name] if name in NOT_SENT else deep(), text_keys)
    assert "\n" not in str(told.value)


@LAW
@given(
    st.dictionaries(
        st.text(max_size=14) | st.sampled_from(["__ndarray__", "__image__"]) | st.integers() | st.binary(max_size=3), plain, max_size=4
    )
)
def test_any_object_is_read_back_or_refused_as_it_is_written(value: Any) -> None:
    try:
        data = packed(value, text_keys=False)
    except TypeError:
        return
    assert same(unpacked(data), value)


marks = st.sampled_from(["__ndarray__", "__npgeneric__", "__image__"])
dtypes = st.sampled_from([*DTYPES, "|u1", "<i8", "f1", "i3", "O", "<M8[s]", "<f16", b"<f4", "", 3])
shapes = st.lists(st.integers(-1, 5) | st.integers(2**26, 2**70), max_size=9) | plain
formats = st.sampled_from(["raw", "png", "jpeg", "gif", b"png", None])
parts = st.fixed_dictionaries(
    {}, optional={"data": plain | st.binary(max_size=64), "dtype": dtypes, "shape": shapes, "format": formats, "more": scalars}
)


def as_sent(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


@LAW
@given(marks, parts, st.booleans())
def test_damaged_arrays_are_a_value_or_one_line(mark: str, parts: dict[str, Any], in_bytes: bool) -> None:
    named = {mark: True, **parts}
    message = msgpack.packb({name.encode() if in_bytes else name: part for name, part in named.items()}, default=as_sent)
    read(message)


@pytest.mark.parametrize(("dtype", "value"), [("u1", 300), ("i2", -40_000), ("i8", math.inf), ("u4", math.nan), ("f2", 2**80)])
def test_a_number_that_its_dtype_does_not_hold_is_one_line(dtype: str, value: float) -> None:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        value = float(value)
    found = read(msgpack.packb({"__npgeneric__": True, "data": value, "dtype": dtype}))
    assert found is None or (dtype == "f2" and math.isinf(found))


@LAW
@given(plain, st.booleans(), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4), st.integers(0, 10**6))
def test_damaged_messages_are_a_value_or_one_line(value: Any, text_keys: bool, changes: list[tuple[int, int]], cut: int) -> None:
    message = bytearray(packed(value, text_keys))
    for place, byte in changes:
        message[place % len(message)] = byte
    read(bytes(message))
    read(bytes(message[: cut % len(message)]))


@LAW
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_one_line(data: bytes) -> None:
    read(data)


@LAW
@given(st.sampled_from(["PNG", "JPEG"]), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6), st.integers(0, 10**6))
def test_damaged_pictures_are_a_picture_or_one_line(form: str, changes: list[tuple[int, int]], cut: int) -> None:
    file = io.BytesIO()
    Image.fromarray(np.arange(8 * 9 * 3, dtype=np.uint8).reshape(8, 9, 3)).save(file, form)
    data = bytearray(file.getvalue())
    for place, byte in changes:
        data[place % len(data)] = byte
    for content in (bytes(data), bytes(data[: cut % len(data)])):
        found = read(msgpack.packb({"__image__": True, "format": form.lower(), "data": content, "shape": [8, 9, 3]}))
        assert found is None or found.shape == (8, 9, 3)


def test_a_picture_that_claims_to_be_huge_is_one_line() -> None:
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = (60_000).to_bytes(4, "big") * 2  # width and height of the header
    assert read(msgpack.packb({"__image__": True, "format": "png", "data": bytes(data), "shape": [60_000, 60_000]})) is None


def read(message: bytes) -> Any:
    """The value; None where it is refused."""
    try:
        return unpacked(message)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either is right
        assert "\n" not in str(error)  # noqa: PT017
        return None
