"""Diffusion Policy that is given its camera: as `diffusion`, with the Pluecker ray of every cell added to its features.

Source: "Know your camera" (arXiv 2510.02268), which gives Diffusion Policy per-pixel rays.
"""

from __future__ import annotations

from para_bench.heads.diffusion import Diffusion


class DiffusionPlucker(Diffusion):
    """Denoising diffusion over the chunk, features given their Pluecker rays."""

    sees = "RGB + calibration"
    rays = True
