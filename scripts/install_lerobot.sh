#!/usr/bin/env bash
# Create the virtual environment VENV with lerobot 0.6.1 and what para-bench needs beside it, but neither para-bench nor its plug-ins:
# so one environment serves every checkout. Nothing is done where it is complete.
# Usage: [LEROBOT_PYTHON=python3.12] scripts/install_lerobot.sh VENV. Exit code 3: no Python 3.12, or no package index that has lerobot.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
# verdikt-eval reads eval_info.json in a test, hatchling builds the plug-ins.
packages=("lerobot[training,evaluation]==0.6.1" "torch<2.12" "verdikt-eval==0.3.1" "hatchling>=1.27")

is_312() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${LEROBOT_PYTHON:-python3.12 "$HOME"/.pyenv/versions/3.12*/bin/python3.12}; do
        if is_312 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "para-bench: ${LEROBOT_PYTHON:-python3.12} is no Python 3.12, which lerobot needs; name one with LEROBOT_PYTHON=/path/to/python3.12" >&2
    exit 3
}

python="$venv/bin/python"
is_312 "$python" || python=$(find_python)
mapfile -t ours < <("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")')
wanted=$(printf '%s\n' "${packages[@]}" "${ours[@]}")
if [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ]; then
    touch "$venv/.installed"
    exit 0
fi
if ! "$python" -m pip index versions lerobot >/dev/null 2>&1; then
    echo "para-bench: no package index here has lerobot" >&2
    exit 3
fi
is_312 "$venv/bin/python" || "$python" -m venv --clear "$venv"
echo "para-bench: installing lerobot into $venv (6 GB with torch; ten minutes)"
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet "${packages[@]}" "${ours[@]}"
echo "$wanted" >"$venv/.installed"
