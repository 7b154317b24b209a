"""Records of the whole protocol of version 1."""

from __future__ import annotations

import pytest
from perf_scripts import script

from para_bench.commands.parts.declared import declarations
from para_bench.commands.parts.results import described
from para_bench.report.checkpoints import Cost
from para_bench.report.figures.source import Source
from para_bench.report.inventory import take


@pytest.fixture(scope="package")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Four heads on every split of version 1."""
    out = tmp_path_factory.mktemp("records")
    script("report").write(out, scenes=6, seeds=2)
    found = take([out], describe=described)
    hashes = {r.checkpoint_hash for result in found for r in result.records if r.checkpoint_hash}
    trained = {digest: Cost(100_000 + len(digest), 5.0 + len(digest), "cpu", None, out) for digest in hashes}
    return Source(found, trained, declarations())
