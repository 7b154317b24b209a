"""Tables inside a page that people write."""

from __future__ import annotations

from pathlib import Path

from para_bench.files import write_text
from para_bench.types import ParaBenchError

BEGIN, END = "<!-- table {} -->", "<!-- end of table -->"
"""Marks in a page whose table is rewritten, the first with the table's name."""


def replace_table(page: Path, name: str, text: str) -> None:
    """Put `text` between the marks of a page; nothing else of it changes."""
    mark = BEGIN.format(name)
    try:
        before, begin, rest = page.read_text(encoding="utf-8").partition(mark)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise ParaBenchError(f"cannot write --into {page} ({why}); allowed: a file you may write") from None
    _, end, after = rest.partition(END)
    if not end:
        raise ParaBenchError(f"--into {page} has no lines {mark} and {END}; allowed: a page with both, in this order")
    write_text(page, f"{before}{begin}\n{text}{end}{after}")
