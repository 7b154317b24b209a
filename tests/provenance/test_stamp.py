"""Files that are written again are told apart, also where size and modification time stay."""

from __future__ import annotations

import os
from pathlib import Path

from para_bench.provenance import stamp


def test_a_file_that_is_written_again_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    assert stamp(path, None) == ((), ())
    path.write_bytes(b"one")
    first, status = stamp(path), path.stat()
    assert stamp(path) == first
    while path.stat().st_ctime_ns == status.st_ctime_ns:  # a file system's clock may be coarse
        path.write_bytes(b"two")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stamp(path) != first
