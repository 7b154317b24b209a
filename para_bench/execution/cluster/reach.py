"""What nodes of a cluster have to reach beside the driver."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from para_bench.remote.outside import Outside
from para_bench.types import ParaBenchError


def check_reachable(policies: Iterable[Outside]) -> None:
    """Raises ParaBenchError for a policy server that only this machine can reach."""
    for policy in policies:
        host = urlsplit(policy.url).hostname if policy.protocol else None
        if host and _is_loopback(host):
            raise ParaBenchError(f"--policy is {policy.address!r} with --executor ray; allowed: an address that every node reaches")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
