"""What heads say of themselves is read from their source, and is what the imported class says."""

from __future__ import annotations

import pytest

from para_bench.commands.parts.heads import told
from para_bench.heads import BUILTIN, HEADS


@pytest.mark.parametrize("name", BUILTIN)
def test_what_heads_say_is_read_from_their_source(name: str) -> None:
    head = HEADS[name]
    assert told(name) == (head.sees, (head.__doc__ or "").strip().partition("\n")[0].rstrip("."))
