#!/usr/bin/env bash
# Build the wheel, check its size and content, install it outside the checkout and run its console command there.
# Usage: scripts/smoke_wheel.sh VENV      (VENV has the dependencies; they are borrowed, not downloaded again)
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(realpath -s "$1")/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m build --wheel --no-isolation --outdir "$work/dist" . >/dev/null
wheel=$(echo "$work"/dist/*.whl)
size=$(stat -c %s "$wheel")
echo "$(basename "$wheel"): $((size / 1024)) KiB"
if [ "$size" -ge 10000000 ]; then
    echo "the wheel has $size bytes; under 10000000 are allowed" >&2
    exit 1
fi

# Every file of the package that git knows must be in the wheel, assets first of all.
git ls-files para_bench | sort >"$work/tracked"
"$python" -m zipfile --list "$wheel" | awk 'NR > 1 { print $1 }' | sort >"$work/packed"
missing=$(comm -23 "$work/tracked" "$work/packed")
if [ -n "$missing" ]; then
    echo "not in the wheel: $missing" >&2
    exit 1
fi
grep -q '^para_bench/assets/' "$work/packed" || { echo "the wheel has no assets" >&2; exit 1; }

# A plain path line adds the first environment's packages without its own .pth files, so not its editable install of this checkout.
"$python" -m venv "$work/venv"
"$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$work/borrowed"
cp "$work/borrowed" "$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/borrowed.pth"
"$work/venv/bin/python" -m pip install --quiet --no-deps --force-reinstall "$wheel"

mkdir "$work/elsewhere"
cd "$work/elsewhere"
"$work/venv/bin/python" - "$work" <<'PY'
import sys

import para_bench.types

assert para_bench.types.__file__.startswith(sys.argv[1]), f"imported from {para_bench.types.__file__}, not from the wheel"
PY
"$work/venv/bin/para-bench" --help >/dev/null
"$work/venv/bin/para-bench" list
PARA_BENCH_CACHE="$work/cache" "$work/venv/bin/para-bench" run --profile smoke --split id --head para --out "$work/runs"
