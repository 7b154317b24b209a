"""What decides a result, settings and code, so that it is made again exactly where that has changed, and what changed in words."""

from __future__ import annotations

from para_bench.provenance.closure import closure
from para_bench.provenance.differences import differences
from para_bench.provenance.stamp import stamp

__all__ = ["closure", "differences", "stamp"]
