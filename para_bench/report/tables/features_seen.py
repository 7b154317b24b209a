"""The sentence of a table about the features that its heads were given."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def sentence(backbones: Iterable[str], seen: Collection[str] = ()) -> str:
    """ " Features: lite0_multiview, trained on images of this simulator." with the space before it; empty where no head had features.

    `seen` are the backbones whose weights were trained on images of this simulator (`Description.seen_renderer`).
    """
    names = [name for name in dict.fromkeys(backbones) if name]
    told = [f"{name}, trained on images of this simulator" if name in seen else name for name in names]
    return f" Features: {'; '.join(told)}." if told else ""
