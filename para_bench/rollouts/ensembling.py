"""Temporal ensembling: overlapping chunks averaged, for heads that are defined with it.

Source: Zhao et al. 2023 (arXiv 2304.13705), section IV-B, and the published code: for the waypoint at hand, all chunks that reach it are
averaged with weights exp(-m i), i = 0 for the oldest chunk.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from para_bench.tensors import decode_actions, encode_actions
from para_bench.types import ActionChunk


class Ensemble:
    """The overlapping chunks of one episode."""

    def __init__(self, decay: float) -> None:
        """`decay`: m, per chunk."""
        self._decay = decay
        self._chunks: list[tuple[int, np.ndarray]] = []
        """Waypoints executed before each chunk, and the chunk as heads encode it (T, ENCODED_DIM), the oldest first."""

    def merged(self, chunk: ActionChunk, step: int) -> ActionChunk:
        """The chunk averaged with former ones over the same waypoints.

        Args:
            chunk: What the head predicts now.
            step: Waypoints executed in the episode.

        Returns:
            The chunk itself, bit for bit, where no former chunk overlaps it.
        """
        horizon = len(chunk.actions)
        self._chunks = [(start, actions) for start, actions in self._chunks if step - start < horizon]
        self._chunks.append((step, encode_actions(chunk.actions)))
        if len(self._chunks) == 1:
            return chunk
        total, weights = np.zeros(self._chunks[-1][1].shape), np.zeros((horizon, 1))
        for rank, (start, actions) in enumerate(self._chunks):
            reaches, weight = horizon - (step - start), np.exp(-self._decay * rank)
            total[:reaches] += weight * actions[step - start :]
            weights[:reaches] += weight
        alone = weights[:, 0] == weights[-1, 0]  # waypoints that the newest chunk alone reaches
        merged = np.where(alone[:, None], chunk.actions, decode_actions(total / weights))
        return replace(chunk, actions=merged)
