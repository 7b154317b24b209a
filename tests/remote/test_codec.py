"""Bytes of openpi's and vla-eval's own packages are read, ours are read by them, and what is damaged or hostile is refused."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import msgpack
import numpy as np
import pytest

from para_bench.remote.codec import LARGEST, packed, unpacked

ARRAYS = [np.arange(6, dtype=dtype).reshape(2, 3) for dtype in ("u1", "i4", "f4", "f8", ">f4", "i8")] + [
    np.array([True, False]),
    np.zeros((0, 5), "f4"),
    np.array(3.5),
]


@pytest.mark.parametrize("text_keys", [False, True])
@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype.str}{array.shape}")
def test_arrays_come_back_bit_for_bit(array: np.ndarray, text_keys: bool) -> None:
    found = unpacked(packed({"a": [array], "n": {"b": array}}, text_keys))
    for back in (found["a"][0], found["n"]["b"]):
        assert back.shape == array.shape
        assert back.dtype == array.dtype.newbyteorder("=")
        assert back.astype(array.dtype).tobytes() == array.tobytes()
        assert back.flags.writeable


VALUE = {"a": [1, -(2**63), 2**64 - 1, 0.1, 1e308, None, True, "text", b"bytes"], "nested": [{"b": {"c": []}}], "": {}}


def test_plain_values_come_back() -> None:
    assert unpacked(packed(VALUE, text_keys=True)) == unpacked(packed(VALUE, text_keys=False)) == VALUE


def test_any_bytes_are_a_value_or_one_error() -> None:
    """Random ones, and a message with some of its bytes changed."""
    rng = np.random.default_rng(0)  # any seed
    message = packed({"actions": np.zeros((12, 5)), "more": VALUE}, text_keys=False)
    refused = 0
    for _ in range(3000):
        noise = rng.bytes(int(rng.integers(200)))
        changed = np.frombuffer(message, np.uint8).copy()
        changed[rng.integers(len(changed), size=3)] = rng.integers(256, size=3)
        for data in (noise, changed.tobytes(), message[: rng.integers(len(message))]):
            try:
                unpacked(data)
            except ValueError as error:
                refused += 1
                assert "\n" not in str(error)  # noqa: PT017 - either is right
    assert refused > 3000  # all that are cut off, and most of the others


def array(**parts: object) -> bytes:
    return msgpack.packb({b"__ndarray__": True, b"data": b"", b"dtype": "<f4", b"shape": [0]} | {k.encode(): v for k, v in parts.items()})


HOSTILE = {
    "pickle": (pickle.dumps({"actions": np.zeros((12, 5))}), ".*"),
    "object dtype": (array(dtype="|O"), r"an array of dtype '\|O'; allowed: booleans, integers and floats"),
    "a record's dtype": (array(dtype="i4,f4"), "an array of dtype 'i4,f4'"),
    "dates": (array(dtype="<M8[s]"), "an array of dtype"),
    "1 GB claimed": (array(shape=[2**28]), r"an array of shape .* allowed: a list of at most 8 whole numbers"),
    "64 MB claimed": (array(shape=[2**24]), r"an array of shape \(16777216,\) and dtype <f4 in 0 bytes; allowed: 67108864 bytes"),
    "a negative side": (array(shape=[-1]), "an array of shape"),
    "too many axes": (array(shape=[0] * 33), "an array of shape"),
    "too little": (array(data=b"123", shape=[1]), "in 3 bytes; allowed: 4 bytes"),
    "text for data": (array(data="1234", shape=[1]), "in a str; allowed: 4 bytes"),
    "1 GB of bytes claimed": (b"\xc6\x40\x00\x00\x00" + b"123", ".*"),
    "a list of 4e9 claimed": (b"\xdd\xff\xff\xff\xff", ".*"),
    "nested": (b"\x91" * 100_000, ".*"),
    "nested a little less": (b"\x91" * 900 + b"\x01", ".*"),
    "an extension": (msgpack.packb(msgpack.ExtType(5, b"x")), ".*"),
    "a time": (msgpack.packb(msgpack.Timestamp(1)), ".*"),
    "names of bytes": (msgpack.packb({b"a": 1}), "a name of bytes"),
    "two values": (b"\x01\x02", ".*"),
    "nothing": (b"", ".*"),
    "a scalar of text": (msgpack.packb({b"__npgeneric__": True, b"data": "1", b"dtype": "<f4"}), "a scalar that is a str"),
    "an image of another format": (msgpack.packb({"__image__": True, "format": "gif", "data": b"", "shape": [1, 1, 3]}), "format 'gif'"),
    "no image": (msgpack.packb({"__image__": True, "format": "png", "data": b"x", "shape": [1, 1, 3]}), "an image that cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_one_line(name: str) -> None:
    data, words = HOSTILE[name]
    with pytest.raises(ValueError, match=words) as told:
        unpacked(data)
    assert "\n" not in str(told.value)


def test_an_image_is_not_larger_than_it_says() -> None:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (3000, 3000)).save(file, "PNG")
    small = {"__image__": True, "format": "png", "data": file.getvalue(), "shape": [1, 1, 3]}
    with pytest.raises(ValueError, match=r"an image of 3000 x 3000 px that says \(1, 1, 3\)"):
        unpacked(msgpack.packb(small))


@pytest.mark.parametrize("value", [np.array([{}]), np.array(["a"]), np.array([1j]), object(), {1, 2}])
def test_what_is_no_plain_number_is_not_sent(value: object) -> None:
    with pytest.raises(TypeError, match="cannot send"):
        packed({"a": value}, text_keys=False)


def test_a_picture_fits() -> None:
    assert len(packed(np.zeros((4096, 4096, 3), np.uint8), False)) < LARGEST


@pytest.mark.integration
def test_openpi_reads_ours_and_we_read_openpi_s(package: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(package("openpi"))
    from openpi_client import msgpack_numpy  # pyright: ignore[reportMissingImports]

    for each in ARRAYS:
        back = msgpack_numpy.unpackb(packed({"a": each}, text_keys=False))["a"]
        assert back.tobytes() == each.tobytes()
        assert np.array_equal(unpacked(msgpack_numpy.packb({"a": each}))["a"], each)
    assert unpacked(msgpack_numpy.packb({"a": np.float32(0.5), "b": np.True_})) == {"a": 0.5, "b": True}
    sys.modules.pop("openpi_client", None)


@pytest.mark.integration
def test_vla_eval_reads_ours_and_we_read_vla_eval_s(package: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(package("vla-eval"))
    from vla_eval.protocol import numpy_codec  # pyright: ignore[reportMissingImports]
    from vla_eval.protocol.messages import Message, MessageType, pack_message, unpack_message  # pyright: ignore[reportMissingImports]

    picture = np.random.default_rng(0).integers(0, 256, (8, 9, 3), dtype=np.uint8)  # any picture
    for each in (*ARRAYS, picture):
        ours = {"type": "action", "payload": {"a": each}, "seq": 1, "timestamp": 0.0}
        assert np.array_equal(unpack_message(packed(ours, text_keys=True)).payload["a"], each)
        for form in ("raw", "png"):
            numpy_codec.set_image_format(form)
            back = unpacked(pack_message(Message(MessageType.ACTION, {"a": each}, 1)))["payload"]["a"]
            assert np.array_equal(back, each)
