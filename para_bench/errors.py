"""The one kind of error that a user is shown without its trace."""

from __future__ import annotations


class ParaBenchError(Exception):
    """An error that a user can act on: one line that gives the value found and the values allowed."""


class HaltError(ParaBenchError):
    """One that ends the run although a policy was being asked: nothing of the episode is the policy's doing, and none is recorded."""
