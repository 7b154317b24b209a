"""How property tests draw: the same examples in every run, nothing kept on disk."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LAW = settings(
    derandomize=True, deadline=None, database=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""No deadline: a shared machine is slow. Fixtures that are shared by the examples of a test are folders that each example fills anew."""
