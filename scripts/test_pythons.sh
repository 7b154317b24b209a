#!/usr/bin/env bash
# Install the wheel into a new environment of every Python that pyproject.toml names, and run its command and a smoke run there.
# A Python that is not on this machine is said to be NOT TESTED; exit code 3 where none is. Each environment takes up to 7 GB while it is tested.
# Usage: [PYTHONS="3.12 3.13"] scripts/test_pythons.sh VENV      (VENV has the package `build`)
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s "$1")/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. scripts/find_uv.sh

# The first that starts: a shim of pyenv is on the PATH whether its Python is chosen or not.
find_python() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        if [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

named=$(sed -n 's/.*"Programming Language :: Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml)
"$python" -m build --wheel --no-isolation --outdir "$work/dist" . >/dev/null
wheel=$(echo "$work"/dist/*.whl)
mkdir "$work/elsewhere"
cd "$work/elsewhere"

tested=0
for version in ${PYTHONS:-$named}; do
    start=$SECONDS
    if ! found=$(find_python "$version"); then
        echo "Python $version: NOT TESTED, there is none on this machine"
        continue
    fi
    "$uv" venv --quiet --clear --no-python-downloads --python "$found" "$work/venv"
    "$uv" pip install --quiet --python "$work/venv/bin/python" "$wheel"
    "$work/venv/bin/para-bench" --help >/dev/null
    PARA_BENCH_CACHE="$work/cache-$version" "$work/venv/bin/para-bench" run --profile smoke --split id --head para --out "$work/runs-$version" >"$work/said" 2>&1 ||
        { cat "$work/said" >&2; echo "Python $version: FAILED" >&2; exit 1; }
    echo "Python $("$work/venv/bin/python" -c 'import platform, torch, mujoco; print(platform.python_version(), "torch", torch.__version__, "mujoco", mujoco.__version__)'): $("$work/venv/bin/para-bench" --version) installs and runs, $((SECONDS - start)) s"
    tested=$((tested + 1))
done
echo "$tested Python versions tested"
[ "$tested" -gt 0 ] || exit 3
