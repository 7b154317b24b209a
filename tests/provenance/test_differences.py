"""What changed, in words."""

from __future__ import annotations

import json

from para_bench.provenance import differences


def test_differences_are_told_in_words() -> None:
    old = {"sources": {"envs/oracle.py": "a", "types.py": "b", "gone.py": "c"}, "recipe": {"train": {"steps": 800}}}
    new = {"sources": {"envs/oracle.py": "c", "types.py": "b", "new.py": "d"}, "recipe": {"train": {"steps": 1600}}}
    words = "envs/oracle.py changed, gone.py is no longer used, recipe.train.steps 800 -> 1600, new.py is used now"
    assert differences(old, new) == words
    assert differences(old, old) == ""


def test_a_state_that_was_read_from_a_file_is_the_one_that_was_written() -> None:
    state = {"low": (0.0, (1, 2)), "recipe": {"none": None, "yes": True}, "sources": {"a.py": "1"}}
    assert differences(json.loads(json.dumps(state)), state) == ""


def test_only_the_first_are_told() -> None:
    many = {str(i): i for i in range(9)}
    assert differences({}, many, most=2).endswith("and 7 more")
