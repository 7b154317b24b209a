"""A policy that is not trained here, as it is named on the command line; its address does not identify it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from para_bench.plugins import is_path
from para_bench.types import ParaBenchError

FORMS = "openpi+ws://HOST:PORT, vla-eval+ws://HOST:PORT, lerobot:FOLDER_OR_HUB_ID, or module:factory"
LEROBOT = "lerobot"
_LEROBOT = re.compile(rf"{LEROBOT}:\S(.*\S)?")
_SERVER = re.compile(r"(openpi|vla-eval)\+(wss?://[^\s/:]+(:\d{1,5})?(/\S*)?|wss?://\[[0-9a-fA-F:]+\](:\d{1,5})?(/\S*)?)")
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
TIMEOUT_S = 60.0
"""Longest time for one look [s]."""
_ONCE = "not stated, run "


@dataclass(frozen=True)
class Outside:
    """One policy of others; plain text, so that it goes to worker processes and into config.json."""

    name: str
    """Name of its row."""
    address: str
    """One of FORMS."""
    version: str
    """Version as the user states it; unique to this run where none is stated."""
    keys: str = ""
    """`Keys.text`; "" for the keys that the policy itself names."""
    timeout_s: float = TIMEOUT_S
    metadata: str = ""
    """Hash of a server's metadata; "" before the first contact."""

    @property
    def protocol(self) -> str:
        """openpi or vla-eval; "" for Python and lerobot."""
        found = _SERVER.fullmatch(self.address)
        return found[1] if found else ""

    @property
    def of_lerobot(self) -> bool:
        """Whether it is a checkpoint of lerobot."""
        return is_lerobot(self.address)

    @property
    def url(self) -> str:
        """URL of its server."""
        return self.address.partition("+")[2]

    @property
    def once(self) -> bool:
        """Whether its version is not stated, so that no later run may reuse its results."""
        return self.version.startswith(_ONCE)


def outsides(
    addresses: Sequence[str],
    names: Sequence[str] = (),
    keys: Sequence[str] = (),
    versions: Sequence[str] = (),
    timeout_s: float = TIMEOUT_S,
) -> tuple[Outside, ...]:
    """Policies of --policy, --policy-name, --policy-keys (as `Keys.text`) and --policy-version; one value of the latter two serves all.

    Raises:
        ParaBenchError: addresses, names or numbers of values that are not allowed.
    """
    for address in addresses:
        if not (_SERVER.fullmatch(address) or _PATH.fullmatch(address) or is_lerobot(address)):
            raise ParaBenchError(f"--policy is {address[:80]!r}; allowed: {FORMS}")
    if len(names) not in (0, len(addresses)):
        raise ParaBenchError(f"--policy-name gives {len(names)} names for {len(addresses)} policies; allowed: one for each, or none")
    for option, given in (("--policy-keys", keys), ("--policy-version", versions)):
        if len(given) not in (0, len(addresses), *((1,) if addresses else ())):
            raise ParaBenchError(f"{option} gives {len(given)} for {len(addresses)} policies; allowed: one for each, one for all, or none")
    for name in names:
        if not _NAME.fullmatch(name):
            raise ParaBenchError(f"--policy-name is {name[:80]!r}; allowed: letters, digits, and _ . - within, at most 60")
    for version in versions:
        if not version.strip() or len(version) > 120 or version.startswith(_ONCE):
            raise ParaBenchError(f"--policy-version is {version[:80]!r}; allowed: words that name its weights, at most 120 letters")
    called = list(names) or [_called(address) for address in addresses]
    if twice := [name for name in called if called.count(name) > 1]:
        raise ParaBenchError(f"two policies are called {twice[0]}; allowed: a --policy-name for each")
    count = len(addresses)
    each_keys, each_version = ([*given] * count if len(given) == 1 else [*given] or [""] * count for given in (keys, versions))
    once = f"{_ONCE}{uuid.uuid4().hex[:12]}"
    return tuple(
        Outside(name, address, version or once, each, timeout_s)
        for name, address, version, each in zip(called, addresses, each_version, each_keys, strict=True)
    )


def is_python(address: str) -> bool:
    """Whether an address is module:factory instead of a server or a checkpoint of lerobot."""
    return is_path(address) and not _SERVER.fullmatch(address) and not is_lerobot(address)


def is_lerobot(address: str) -> bool:
    """Whether an address is a checkpoint of lerobot."""
    return bool(_LEROBOT.fullmatch(address))


def _called(address: str) -> str:
    """Name of a row without a --policy-name."""
    if is_lerobot(address):
        return LEROBOT
    return address if is_python(address) else address.partition("+")[0]
