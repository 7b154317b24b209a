#!/usr/bin/env bash
# Run the environment's tests on the lowest mujoco that pyproject.toml admits; the environment itself has the newest.
# Usage: scripts/test_lowest_mujoco.sh VENV [PYTEST ARGUMENTS]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s "$1")/bin/python
shift
lowest=$(sed -n 's/.*"mujoco>=\([0-9]*\.[0-9]*\).*/\1/p' pyproject.toml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A second environment that links to the packages of the first, all but mujoco. Putting the old mujoco in front on PYTHONPATH would
# not do: mujoco extends its __path__, so modules of the new one would be mixed into the old one.
without=mujoco
. scripts/link_venv.sh
"$python" -m pip install --quiet --disable-pip-version-check "mujoco==$lowest.*"

export OMP_NUM_THREADS=1
"$python" - "$lowest" <<'PY'
import sys

import mujoco

print("mujoco", mujoco.__version__)
assert mujoco.__version__.startswith(sys.argv[1] + "."), f"expected {sys.argv[1]}.*, found {mujoco.__version__}"
assert len(mujoco.__path__) == 1, f"two mujocos are mixed: {list(mujoco.__path__)}"
PY
"$python" -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile tests/sim tests/robots tests/tasks tests/envs "$@"
