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
# A second environment that links to the packages of the first, so that Ray and what it needs stay out of that one.
"$python" -m venv --without-pip "$work"
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
find "$(site "$python")" -mindepth 1 -maxdepth 1 ! -name __pycache__ -exec ln -s -t "$(site "$work/bin/python")" {} +
"$work/bin/python" -m pip install --quiet --disable-pip-version-check "$ray"
export OMP_NUM_THREADS=1
"$work/bin/python" -c 'import ray; print("ray", ray.__version__)'
"$work/bin/python" -m pytest tests/execution/cluster/test_two_nodes.py -m "slow or not slow" -rs --timeout 1200 "$@" # the others need no Ray
