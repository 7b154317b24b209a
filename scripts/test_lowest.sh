#!/usr/bin/env bash
# Install the lowest version of every dependency that pyproject.toml admits into an environment of its own, and run tests there.
# Usage: scripts/test_lowest.sh VENV [PYTEST ARGUMENTS]      (5 GB; VENV's Python makes the environment)
# Exit code 3: the package index does not have these versions.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s "$1")/bin/python
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. scripts/find_uv.sh

"$uv" venv --quiet --no-python-downloads --python "$python" "$work/venv"
# Tools of the tests: the lowest that pyproject.toml's `dev` names, without the rest of it.
tools=$(sed -n 's/^    "\(pytest\|pytest-timeout\|pytest-xdist\|hypothesis\)>=\([0-9.]*\)".*/\1>=\2/p' pyproject.toml)
# shellcheck disable=SC2086
"$uv" pip install --quiet --python "$work/venv/bin/python" --resolution lowest-direct --editable ".[backbones]" $tools ||
    { echo "lowest versions: NOT TESTED, they could not be installed" >&2; exit 3; }
"$uv" pip freeze --quiet --python "$work/venv/bin/python" | grep -E '^(gymnasium|matplotlib|mujoco|numpy|pandas|pyarrow|scipy|timm|torch|torchvision)=='

export OMP_NUM_THREADS=1 PYTHONPATH=$PWD
cd "$work"
PARA_BENCH_CACHE="$work/cache" venv/bin/para-bench run --profile smoke --split id --head para --out runs
venv/bin/para-bench figures runs --out figures
venv/bin/para-bench site runs --out site
cd "$OLDPWD"
# test_ddim.py checks against diffusers, which is not installed here.
"$work/venv/bin/python" -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile -m "not slow and not gpu and not integration" \
    --ignore tests/heads/parts/test_ddim.py tests/records tests/remote tests/data tests/heads tests/backbones tests/envs tests/sim tests/robots tests/tasks tests/training "$@"
