"""The sentence of a table about the features that its heads were given."""

from __future__ import annotations

from collections.abc import Iterable

from para_bench.types import SEEN_RENDERER


def sentence(backbones: Iterable[str]) -> str:
    """ " Features: lite0_multiview, trained on images of this simulator." with the space before it; empty where no head had features."""
    names = [name for name in dict.fromkeys(backbones) if name]
    told = [f"{name}, trained on images of this simulator" if name in SEEN_RENDERER else name for name in names]
    return f" Features: {'; '.join(told)}." if told else ""
