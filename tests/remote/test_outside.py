"""Policies as the command line names them."""

from __future__ import annotations

import pickle

import pytest

from para_bench.remote.outside import Outside, is_python, outsides
from para_bench.types import ParaBenchError, from_dict, to_dict


def test_addresses_and_names() -> None:
    server, other, python = outsides(["openpi+ws://127.0.0.1:8000", "vla-eval+wss://[::1]:9/x", "my.module:make"])
    assert [each.name for each in (server, other, python)] == ["openpi", "vla-eval", "my.module:make"]
    assert [each.protocol for each in (server, other, python)] == ["openpi", "vla-eval", ""]
    assert (server.url, other.url) == ("ws://127.0.0.1:8000", "wss://[::1]:9/x")


def test_checkpoints_of_lerobot() -> None:
    (one,) = outsides(["lerobot:outputs/my training/pretrained_model"])
    assert (one.name, one.protocol, one.of_lerobot, is_python(one.address)) == ("lerobot", "", True, False)
    assert not outsides(["my.lerobot:make"])[0].of_lerobot
    two = outsides(["lerobot:lab/act", "lerobot:lab/diffusion"], ["act_of_lab", "diffusion_of_lab"])
    assert [each.name for each in two] == ["act_of_lab", "diffusion_of_lab"]


def test_it_goes_to_other_processes_and_into_files() -> None:
    (one,) = outsides(["openpi+ws://a:1"], ["pi"], ["{}"], ["v1"], 3.0)
    assert pickle.loads(pickle.dumps(one)) == one == from_dict(Outside, to_dict(one))


def test_without_a_version_it_is_of_this_run_alone() -> None:
    (one,), (again,), (said,) = (outsides(["a:b"], versions=versions) for versions in ([], [], ["v1"]))
    assert one.once
    assert again.once
    assert one.version != again.version
    assert (said.once, said.version) == (False, "v1")


def test_one_version_and_one_keys_file_may_be_for_all() -> None:
    found = outsides(["a:b", "a:c"], [], ["K"], ["v"])
    assert [(each.keys, each.version) for each in found] == [("K", "v"), ("K", "v")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["ws://x:1"],), "^--policy is 'ws://x:1'; allowed: openpi\\+ws://HOST:PORT, vla-eval"),
        ((["openpi+http://x"],), "allowed: openpi"),
        ((["openpi+ws://"],), "allowed: openpi"),
        ((["openpi+ws://h:1 x"],), "allowed: openpi"),
        ((["para"],), "allowed: openpi"),
        ((["a:b", "a:c"], ["one"]), "gives 1 names for 2 policies; allowed: one for each, or none"),
        ((["a:b"], ["two words"]), "^--policy-name is 'two words'"),
        ((["lerobot:"],), "allowed: openpi.*, lerobot:FOLDER_OR_HUB_ID, or module:factory"),
        ((["lerobot:a/b", "lerobot:c/d"],), "two policies are called lerobot; allowed: a --policy-name for each"),
        ((["a:b"], ["../up"]), "^--policy-name is"),
        ((["openpi+ws://a:1", "openpi+ws://b:1"],), "two policies are called openpi; allowed: a --policy-name for each"),
        ((["a:b"], [], ["1", "2"]), "^--policy-keys gives 2 for 1 policies"),
        ((["a:b"], [], [], [" "]), "^--policy-version is ' '"),
        ((["a:b"], [], [], ["not stated, run 1"]), "^--policy-version is 'not stated, run 1'"),
    ],
)
def test_what_is_not_allowed(arguments: tuple, words: str) -> None:
    with pytest.raises(ParaBenchError, match=words):
        outsides(*arguments)
