"""Pooled-token regression that is given its camera: as `global_token`, with the Pluecker ray of every token added to its features.

Source: "Know your camera" (arXiv 2510.02268): per-pixel rays as a further input make regression policies robust to the viewpoint.
"""

from __future__ import annotations

from para_bench.heads.global_token import GlobalToken


class GlobalTokenPlucker(GlobalToken):
    """Pooled-token regression, each token given its Pluecker ray."""

    sees = "RGB + calibration"
    rays = True
