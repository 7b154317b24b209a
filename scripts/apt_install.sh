#!/usr/bin/env bash
# Install Debian packages when we may; else say in one line what is missing and exit with 1.
# Usage: scripts/apt_install.sh "REASON" PACKAGE...
set -euo pipefail
reason=$1
shift

fail() {
    echo "para-bench: $reason: $*" >&2
    exit 1
}

command -v apt-get >/dev/null || fail "install your distribution's equivalent of the Debian packages: $*"
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    fail "run: sudo apt-get install $*"
fi

echo "para-bench: $reason; installing $*"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >"$log" 2>&1; }

# The package lists of a fresh machine are empty or old: update them only when the first try fails.
if ! quietly install -y --no-install-recommends "$@" && ! { quietly update && quietly install -y --no-install-recommends "$@"; }; then
    fail "apt-get could not install $*: $(grep -m 1 '^E:' "$log" || tail -n 1 "$log")"
fi
