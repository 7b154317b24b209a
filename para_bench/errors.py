"""The errors that a user sees without a traceback."""

from __future__ import annotations


class ParaBenchError(Exception):
    """An error that a user can act on: one line that gives the value found and the values allowed."""


class HaltError(ParaBenchError):
    """An error that ends the run while a policy is being queried. It is not the policy's fault, so the episode is not recorded."""
