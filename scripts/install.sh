#!/usr/bin/env bash
# Create the virtual environment VENV when it is missing or broken, and install this checkout into it (editable).
# Usage: [PYTHON=python3.12] scripts/install.sh VENV [EXTRA]
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
extra=${2:-}

fail() {
    echo "para-bench: $*" >&2
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

free_gb() { df -Pk "$(dirname "$venv")" | awk 'NR == 2 { printf "%.0f", $4 / 1e6 }'; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || fail "PYTHON=$PYTHON is not a command; give one for Python 3.11 or newer"
        new_enough "$PYTHON" || fail "PYTHON=$PYTHON is $("$PYTHON" --version 2>&1 | head -n 1 || true); Python 3.11 or newer is needed"
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11 or newer found (python3 is $(python3 --version 2>&1 | head -n 1 || true)); name one with make PYTHON=/path/to/python3"
}

if ! new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        # Debian and Ubuntu split these two modules off into a package of their own.
        scripts/apt_install.sh "$python cannot create virtual environments" \
            "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    "$python" -m venv --clear "$venv"
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

has_gpu() { [ -e /dev/nvidiactl ] || [ -e /dev/kfd ] || [ -e /dev/dxg ]; } # NVIDIA, AMD, WSL

cpu_builds() { pip index versions "$1" 2>/dev/null | sed -n 's/^Available versions: //p' | tr -d ' ' | tr ',' '\n' | grep '+cpu$' || true; }

# The newest pair of torch and torchvision for the CPU that the user's package index offers, or nothing: the usual torch brings 4 GB of
# libraries for a GPU. A torchvision for GPUs does not load beside a torch for the CPU. torchvision 0.(M + 15).P belongs to torch 2.M.P.
cpu_pair() {
    local torch vision visions
    visions=$(cpu_builds torchvision)
    for torch in $(cpu_builds torch | awk -F . '$1 > 2 || ($1 == 2 && $2 >= 6)'); do # 2.6: pyproject.toml
        vision=$(echo "$torch" | awk -F . '{ printf "0.%d.%s", $2 + 15, $3 }')
        if echo "$visions" | grep -qxF "$vision"; then
            echo "torch==$torch torchvision==$vision"
            return
        fi
    done
}

wanted=(--editable ".${extra:+[$extra]}")
build="torch for GPUs"
gigabytes=6.5 # of the finished environment on Linux, measured with du; 0.5 more with the development tools
if "$venv/bin/python" -c 'import torch' 2>/dev/null; then
    build="the torch that is there"
    gigabytes=1
elif ! has_gpu; then
    read -ra pair <<<"$(cpu_pair)"
    if [ "${#pair[@]}" -gt 0 ]; then
        wanted+=("${pair[@]}")
        build="torch for the CPU, since no GPU was found"
        gigabytes=2
    else
        build="torch for GPUs, since the package index offers no other pair of torch and torchvision; PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu does"
    fi
fi
echo "para-bench: installing into $venv ($build): at most $gigabytes GB of disk, $(free_gb) GB are free; a few minutes"
# Only the names of downloads of a megabyte and more are shown; pip's errors go to stderr as they are.
pip install --progress-bar off "${wanted[@]}" | sed -un 's/^ *\(Downloading [^ ]* ([0-9.]* [MG]B)\).*/  \1/p'

touch "$venv/.installed"
if [ -n "$extra" ]; then touch "$venv/.installed-$extra"; fi
