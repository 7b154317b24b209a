"""Keys files: presets, TOML and JSON say the same, and what is not allowed is told by its place."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from para_bench.remote.keys import _FOLDER, find_keys, from_text, presets
from para_bench.types import ParaBenchError

GOOD = '[observation]\n"observation/image" = "image"\nstate = ["position", "yaw"]\n'


@pytest.mark.parametrize("name", presets())
def test_presets_go_through_text_toml_and_json(name: str, tmp_path: Path) -> None:
    keys = find_keys(name)
    assert from_text(keys.text) == keys
    text = (_FOLDER / f"{name}.toml").read_text()
    (tmp_path / "mine.toml").write_text(text)
    (tmp_path / "mine.json").write_text(json.dumps(tomllib.loads(text)))
    assert find_keys(str(tmp_path / "mine.toml")) == find_keys(str(tmp_path / "mine.json")) == keys


BAD = {
    "an unknown part": ('[observation]\na = "picture"', r"observation\.a is 'picture'; allowed: 'image', "),
    "no vector": ('[observation]\na = ["image"]', r"observation\.a\[0\] is 'image'; allowed: 'gripper_pose', "),
    "an empty list": ("[observation]\na = []", r"observation\.a is \[\]; allowed: .*a list of vectors"),
    "a number": ("[observation]\na = 3", r"observation\.a is 3; allowed"),
    "no observation": ('[action]\nkind = "delta"', "observation is None; allowed: an object"),
    "an empty observation": ("[observation]", r"observation is \{\}"),
    "an unknown table": (GOOD + "[actions]", r"actions is unknown; allowed: observation, action, approach"),
    "an unknown word": (GOOD + "[action]\nscale = 2", r"action\.scale is unknown; allowed: key, kind, frame"),
    "an unknown kind": (GOOD + '[action]\nkind = "velocity"', r"action\.kind is 'velocity'; allowed: 'absolute', 'delta'"),
    "columns that lack one": (GOOD + '[action]\ncolumns = ["x", "y", "z", "yaw"]', r"action\.columns is .*each of x y z yaw opening once"),
    "columns of another rotation": (GOOD + '[action]\nrotation = "quaternion"', r"each of x y z qw qx qy qz opening once"),
    "a gripper that does not move": (GOOD + "[action]\nopen = 0.0", r"action\.open is 0, as closed; allowed: two different numbers"),
    "absolute in the gripper's frame": (GOOD + '[action]\nframe = "gripper"', r"action\.frame is gripper; allowed: world with kind"),
    "a difference of a yaw without jumps": (
        GOOD + '[action]\nkind = "delta"\nrotation = "double_yaw"\ncolumns = ["x", "y", "z", "sin_2yaw", "cos_2yaw", "opening"]',
        r"action\.rotation is double_yaw; allowed: another with kind delta",
    ),
    "not finite": (GOOD + "[action]\nmetres = nan", r"action\.metres is nan; allowed: a finite number"),
    "an approach": ('approach = "y"\n' + GOOD, r"approach is 'y'; allowed: 'x', 'z'"),
    "no TOML": ("[observation", "cannot be read"),
    "control characters": ('[observation]\n"a\\u001b" = "image"', "observation"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_allowed_is_told_by_its_place(name: str, tmp_path: Path) -> None:
    text, words = BAD[name]
    path = tmp_path / "keys.toml"
    path.write_text(text)
    with pytest.raises(ParaBenchError, match=words) as told:
        find_keys(str(path))
    assert "\n" not in str(told.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"^--policy-keys nope; allowed: aloha, droid, .*, or a \.toml or \.json file$"):
        find_keys("nope")
    with pytest.raises(ParaBenchError, match="there is no file"):
        find_keys(str(tmp_path / "nope.toml"))
    (tmp_path / "deep.json").write_text('{"observation":' * 100_000)
    with pytest.raises(ParaBenchError, match=r"deep\.json cannot be read"):
        find_keys(str(tmp_path / "deep.json"))
    (tmp_path / "twice.json").write_text('{"observation": {"a": "image", "a": "depth"}}')
    with pytest.raises(ParaBenchError, match=r"twice\.json: a is there twice"):
        find_keys(str(tmp_path / "twice.json"))
