#!/usr/bin/env bash
# Create the virtual environment VENV of the parity study (docs/PARITY.md) with lerobot 0.4.4, which pins a torch that para-bench's own environment need not have.
# Usage: [LEROBOT_PYTHON=python3.11] scripts/install_parity.sh VENV
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
python=${LEROBOT_PYTHON:-python3.11}

if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
    echo "para-bench: LEROBOT_PYTHON=$python is no Python 3.11, the version that this comparison was written on; name one" >&2
    exit 1
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "para-bench: installing lerobot into $venv (8 GB with torch; ten minutes)"
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet "lerobot==0.4.4" "torch==2.10.0"
touch "$venv/.installed"
