#!/usr/bin/env bash
# Run the test of the Ray executor that needs Ray: two real nodes in network namespaces, of which one is killed.
# Usage: scripts/test_ray.sh VENV [PYTEST ARGUMENTS]. Exit code 3: no package index here has Ray.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s "$1")/bin/python
shift
ray=$(sed -n 's/^ray = \["\([^"]*\)"\].*/\1/p' pyproject.toml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! "$python" -m pip index versions ray >/dev/null 2>&1; then
    echo "para-bench: no package index here has ray" >&2
    exit 3
fi
# Ray and what it needs stay out of the first environment.
. scripts/link_venv.sh
"$python" -m pip install --quiet --disable-pip-version-check "$ray"
export OMP_NUM_THREADS=1
"$python" -c 'import ray; print("ray", ray.__version__)'
"$python" -m pytest tests/execution/cluster/test_two_nodes.py -m "slow or not slow" -rs --timeout 1200 "$@" # the others need no Ray
