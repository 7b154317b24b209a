"""What decides a result, in settings and code: a result is made again exactly where that has changed, and words say what changed."""

from __future__ import annotations

from para_bench.provenance.closure import closure, edited
from para_bench.provenance.differences import differences
from para_bench.provenance.packages import newer, versions
from para_bench.provenance.stamp import stamp

__all__ = ["closure", "differences", "edited", "newer", "stamp", "versions"]
