"""Packages that driver and nodes must share in the same version, or records of one table would come from several programs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from para_bench.benchmarks.splits import SPLITS, find_split
from para_bench.demonstrations.modules import task_modules
from para_bench.heads import HEADS
from para_bench.plugins import SOURCE_PREFIX
from para_bench.provenance import closure, differences, versions
from para_bench.rollouts.jobs import Job
from para_bench.training.modules import head_modules
from para_bench.types import ParaBenchError

_FILES = (".py", ".xml", ".csv", ".json", ".safetensors")


@cache
def installed() -> Mapping[str, str]:
    """Version by package; for para-bench, 16 hex digits over its files."""
    root, found = Path(str(resources.files("para_bench"))), hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in _FILES):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(path.read_bytes())
    return {"para-bench": found.hexdigest()[:16], **versions()}


def check_same(driver: Mapping[str, str]) -> None:
    """Check on a node that it has what the driver has.

    Raises:
        ParaBenchError: it has not; says what differs.
    """
    if differing := differences(dict(driver), dict(installed())):
        raise ParaBenchError(f"another installation than the driver's: {differing}; allowed: the same on every node")


def code_of(job: Job) -> Mapping[str, str]:
    """8 hex digits by file of the code of others that decides a job's episodes: of its head, split, task and robot."""
    split = find_split(job.split, version=job.suite_version)
    row = split.row or split.name
    named = [*task_modules(split.task, split.robot), *([SPLITS.plugins[row].module] if row in SPLITS.plugins else [])]
    if job.checkpoint is not None and job.head not in HEADS.builtin:
        named += head_modules(job.head)
    return {file: digest for file, digest in closure(named).items() if file.startswith(SOURCE_PREFIX)}


def check_code(driver: Mapping[str, str], job: Job) -> None:
    """Check on a node that code of others is the driver's.

    Raises:
        ParaBenchError: it is not; says which file.
    """
    if differing := differences(dict(driver), dict(code_of(job))):
        raise ParaBenchError(f"other code of {job.head} on {job.split} than the driver's: {differing}; allowed: the same on every node")
