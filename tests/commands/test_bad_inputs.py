"""Hundreds of bad inputs to every command: each is told in one line, in seconds, with nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from para_bench.cli import main
from para_bench.commands import COMMANDS, find_command
from para_bench.types import to_dict

pytestmark = pytest.mark.slow

LIMIT_S = 20
"""A case that takes longer hangs: the slowest ones take a few seconds."""
EPISODE = "id/id/0/0/para/0"
LONG = "x" * 5000
NEEDED = {"test-head": ["para"], "compare": ["DATA/good"], "table": ["DATA/good"], "site": ["DATA/good"], "figures": ["DATA/good"]}
NEEDED |= {"pack": ["DATA/good"], "watch": ["DATA/good", "--once"], "replay": ["DATA/good", EPISODE], "pretrain": ["multiview"]}
NEEDED |= {"export-lerobot": ["DATA/good"], "import-lerobot": ["DATA/good"]}
"""Words without which a command cannot be read; DATA is the folder of inputs."""
READERS = {
    "table": ["table", "PATH"],
    "fairness": ["table", "PATH", "--only", "fairness"],
    "compare": ["compare", "PATH"],
    "folders": ["compare", "PATH", "DATA/good"],
    "figures": ["figures", "PATH"],
    "site": ["site", "PATH"],
    "pack": ["pack", "PATH"],
    "watch": ["watch", "PATH", "--once"],
    "replay": ["replay", "PATH", EPISODE],
    "check": ["check", "--baseline", "DATA/baseline.json", "--results", "PATH", "--layer", "retrained"],
}
WRITERS = {
    "table": ["table", "DATA/good", "--out", "FILE"],
    "into": ["table", "DATA/good", "--into", "FILE"],
    "list": ["list", "--out", "FILE"],
    "junit": ["check", "--baseline", "DATA/config_junk", "--results", "DATA/good", "--junit", "FILE"],
    "view": ["view", "--n", "1", "--image-size", "16", "--split", "id", "--out", "FILE.png"],
    "pretrain": ["pretrain", "multiview", "--steps", "1", "--image-size", "32", "--out", "FILE.safetensors"],
    "film": ["replay", "DATA/good", "id/id/0/0/noop/0", "--out", "FILE.mp4"],
    "gif": ["replay", "DATA/good", "id/id/0/0/noop/0", "--out", "FILE.gif"],
    "figures": ["figures", "DATA/good", "--out", "FOLDER"],
    "site": ["site", "DATA/good", "--out", "FOLDER"],
    "pack": ["pack", "DATA/good", "--out", "FOLDER"],
    "demos": ["demos", "--n", "1", "--out", "FOLDER"],
    "features": ["features", "--scenes", "2", "--image-size", "32", "--out", "FOLDER"],
    "run": ["run", "--head", "noop", "--profile", "smoke", "--split", "id", "--no-videos", "--workers", "1", "--out", "FOLDER"],
    "suite": ["suite", "smoke", "--out", "FOLDER"],
}
"""FILE and FOLDER are replaced by places where none can be written."""
PLACES = ["DATA/file/below", "/dev/null/below", "/proc/nowhere/below", "DATA/" + "x" * 300, "DATA/" + LONG]
FOLDERS, FILES = [*PLACES, "DATA/file"], [*PLACES, "/proc/version"]
BAD_WORDS = [
    "nobody",
    "../../up",
    "a:b",
    "os:path",
    "json:loads.x",
    "os.path:",
    ":",
    "/",
    LONG,
    "é\x9bx",
    "\x1b[31mred",
    "two\nlines",
    "\udcff",
    "=A1",
    "é²",
]
PLUGINS = {
    "raises": "raise ValueError('two\\nlines \\x1b[31m')",
    "exits": "import sys; sys.exit(0)",
    "exits_with_words": "import sys; sys.exit('bye')",
    "syntax": "def (",
    "deep": "def f(): return f()\nf()",
    "null": "\x00",
    "number": "Head = 3",
    "needs": "import no_such_module_at_all",
    "loses": "class Head:\n    pass",
    "memory": "class Head:\n    sees = 'RGB'\n    def __init__(self, spec, config): raise IndexError('no')",
    "signature": "class Head:\n    sees = 'RGB'\n    def __init__(self): pass",
}
RECORDS = {
    "empty": b"",
    "blank": b"\n\n",
    "junk": b"hello\n",
    "binary": bytes(range(256)) * 40,
    "nulls": b"\0" * 5000,
    "list": b"[1, 2]\n",
    "null": b"null\n",
    "number": b"3\n",
    "object": b"{}\n",
    "deep": b"[" * 100_000 + b"\n",
    "long": b'{"a": "' + b"x" * 1_000_000 + b'"}\n',
    "huge_number": b"9" * 10_000 + b"\n",
    "latin": "\xe9\n".encode("latin-1"),
    "utf16": "{}\n".encode("utf-16"),
}
CONFIGS = RECORDS | {
    "spec_list": b'{"spec": [], "state": [], "parameters": 3}',
    "spec_null": b'{"spec": null, "state": null, "parameters": null, "training_seconds": null}',
    "sizes": b'{"spec": {"features": {"image_size": "x"}}, "state": {"recipe": 1}, "parameters": {"head": "x"}, "training_seconds": "x"}',
}


def numbers(options: type) -> Iterator[tuple[str, type]]:
    """Number options of a command with their type, those of groups too."""
    hints = typing.get_type_hints(options, include_extras=True)
    for field in fields(options):
        marks = getattr(hints[field.name], "__metadata__", ())
        kind = typing.get_args(hints[field.name])[0] if marks else hints[field.name]
        kinds = {kind, *typing.get_args(kind)}
        if is_dataclass(kind):
            assert isinstance(kind, type)
            yield from numbers(kind)
        elif {int, float} & kinds:
            yield f"--{field.name.replace('_', '-')}", int if int in kinds else float


def cases() -> Iterator[list[str]]:
    """Words of a command line; DATA is the folder of inputs."""
    for name in COMMANDS:
        needed = [name, *NEEDED.get(name, [])]
        yield [*needed, "--no-such-option", "3"]
        yield [*needed, "--out"] if name not in ("power", "cache", "watch", "compare", "test-head") else [*needed, "--outt"]
        yield [name[:-1] + "zz"]
        for option, kind in numbers(find_command(name)):
            for value in ("-1", "nan", "inf", "1e400", "9" * 40, "9" * 5000, "x", "", *(("1.5", "0x10") if kind is int else ("-inf",))):
                yield [*needed, option, value]
    for word in BAD_WORDS:
        for option in ("--head", "--split", "--backbone", "--profile", "--device", "--decode", "--backbone-weights"):
            yield ["run", "--profile", "smoke", option, word]
        yield ["suite", word]
        yield ["suite", "smoke", "--splits", word]
        yield ["test-head", word, "--quick"]
        yield ["view", "--split", word]
        yield ["view", "--out", word]
        yield ["features", "--backbone", word]
        yield ["pretrain", word]
        yield ["pretrain", "multiview", "--backbone", word]
        yield ["cache", word]
        yield [word]
        for option in ("--split", "--heads", "--format", "--rows", "--only"):
            yield ["table", "DATA/good", option, word]
        for option in ("--head", "--others", "--split", "--between", "--seeds"):
            yield ["compare", "DATA/good", option, word]
        yield ["pack", "DATA/good", "--heads", word]
        yield ["replay", "DATA/good", word]
        yield ["replay", "DATA/good", EPISODE, "--camera", word]
        yield ["replay", "DATA/good", EPISODE, "--head", word]
        yield ["check", "--update", "--reason", "x", "--results", "DATA/good", "--baseline", "none.json", "--suite", word]
        yield ["check", "--layer", word]
        yield ["check", "--update", "--reason", "x", "--results", "DATA/good", "--baseline", "none.json", "--suite", "ci", "--cell", word]
    for episode in ("", "id/id/0/²/para/0", f"id/id/0/{'9' * 5000}/para/0", "id/id/0/-1/para/0", "a/b/c/0/e/0", "//////"):
        yield ["replay", "DATA/good", episode]
    for camera in ("nan,nan", "inf,20", "0", "0,0,0", "0,200", "1e400,45"):
        yield ["replay", "DATA/good", EPISODE, "--camera", camera, "--out", "film.gif"]
    for name in PLUGINS:
        yield ["test-head", f"plugin_{name}:Head", "--quick"]
        yield ["run", "--head", f"plugin_{name}:Head", "--profile", "smoke", "--split", "id", "--no-videos", "--workers", "1"]
    for words in READERS.values():
        for place in ("nowhere", "DATA/file", "/dev/null", "/dev/zero", "DATA/empty", "DATA/fifo", "DATA/" + "x" * 300, "/proc/self/mem"):
            yield [word.replace("PATH", place) for word in words]
        for name in RECORDS:
            yield [word.replace("PATH", f"DATA/records_{name}") for word in words]
    for name in CONFIGS:
        for reader in ("site", "figures", "fairness", "replay"):
            yield [word.replace("PATH", f"DATA/config_{name}") for word in READERS[reader]]
            yield [word.replace("PATH", f"DATA/run_config_{name}") for word in READERS[reader]]
        yield ["watch", f"DATA/run_config_{name}", "--once"]
        yield ["pack", f"DATA/run_config_{name}"]
        yield ["check", "--baseline", f"DATA/baseline_{name}", "--results", "DATA/good"]
        yield ["run", "--backbone-weights", f"DATA/weights_{name}.safetensors", "--profile", "smoke"]
    for words in WRITERS.values():
        for place in FOLDERS if "FOLDER" in words else FILES:
            yield [word.replace("FOLDER", place).replace("FILE", place) for word in words]
        yield ["" if word in ("FOLDER", "FILE") else word.replace("FILE", "") for word in words]


VERDICTS = {"test-head", "replay"}
"""What these found is their output, and exit code 1."""
SETTINGS = {".lock", "config.json", "split.json", "current.json"}
"""What a run leaves that was stopped before its first training."""
# What a run says before its work: the line that names it, and the indented lines of its plan.
PLAN = re.compile(r"^para-bench: .* on .*, suite version \d.*\n(?:  .*\n)*", re.MULTILINE)
"""What a run says that it will do, before it looks at its head."""
RIGHT = {"watch", "site", "figures", "pack"}
"""Readers that may go on without a file that only adds to what they show."""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of every kind, one good results folder among them."""
    from conftest import make_record  # the records that all tests start from

    root = tmp_path_factory.mktemp("data")
    weights = b"weights"
    digest = hashlib.sha256(weights).hexdigest()[:16]

    def folder(name: str, checkpoint: bytes, config: bytes | None) -> None:
        target = root / name
        (target / "id").mkdir(parents=True)
        lines = [
            json.dumps(to_dict(make_record(head, scene=scene, success=bool(scene), split="id", checkpoint_hash=hashed, backbone=backbone)))
            for head, hashed, backbone in (
                ("para", digest, "lite0_multiview"),
                ("global_token", "0" * 16, "lite0_multiview"),
                ("noop", "", ""),
            )
            for scene in range(3)
        ]
        (target / "id/episodes.jsonl").write_text("\n".join(lines) + "\n")
        (target / "checkpoints/para").mkdir(parents=True)
        (target / "checkpoints/para/model.safetensors").write_bytes(weights)
        (target / "checkpoints/para/config.json").write_bytes(checkpoint)
        if config is not None:
            (target / "id/config.json").write_bytes(config)

    folder("good", b"{}", None)
    for name, content in CONFIGS.items():
        folder(f"config_{name}", content, None)
        folder(f"run_config_{name}", b"{}", content)
        (root / f"baseline_{name}").write_bytes(content)
        (root / f"weights_{name}.safetensors").write_bytes(content)
    for name, content in RECORDS.items():
        (root / f"records_{name}/id").mkdir(parents=True)
        (root / f"records_{name}/id/episodes.jsonl").write_bytes(content)
    (root / "file").write_text("a file where a folder is wanted")
    (root / "empty").mkdir()
    os.mkfifo(root / "fifo")
    (root / "plugins").mkdir()
    for name, code in PLUGINS.items():
        (root / f"plugins/plugin_{name}.py").write_text(code)
    return root


def too_long(number: int, frame: FrameType | None) -> NoReturn:
    raise TimeoutError(f"takes longer than {LIMIT_S} s")


@pytest.mark.skipif(sys.platform != "linux", reason="devices and /proc of Linux")
@pytest.mark.parametrize("words", list(cases()), ids=lambda words: " ".join(words)[:90])
def test_one_line(words: list[str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARA_BENCH_CACHE", str(data / "cache"))
    monkeypatch.syspath_prepend(data / "plugins")
    monkeypatch.setattr(sys, "argv", ["para-bench", *(word.replace("DATA", str(data)) for word in words)])
    before = sorted(data.glob("*"))
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT_S)
    code: object = 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code
    finally:
        signal.alarm(0)
    shown = capfd.readouterr()
    assert "TimeoutError" not in shown.err
    assert "unexpected" not in shown.err, shown.err
    assert "Traceback" not in shown.out + shown.err
    if code == 0:
        assert words[0] in RIGHT or "fairness" in words, shown
        return
    if words[0] in VERDICTS and code == 1 and shown.out:
        return
    told = PLAN.sub("", shown.err.replace("\r", "\n"))
    lines = [line for line in told.splitlines() if line.strip() and "it/s" not in line and "?it" not in line]
    assert lines, shown.out
    assert len(lines) == 1, shown.err
    assert all(line.isprintable() for line in lines)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file() and path.name not in SETTINGS) == []
    assert [path for path in sorted(data.glob("*")) if path not in before and path.name != "cache"] == []
