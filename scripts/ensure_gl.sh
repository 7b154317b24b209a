#!/usr/bin/env bash
# Make sure that MuJoCo can draw without a display: EGL with a driver (Mesa or NVIDIA), or OSMesa. Silent when it can.
# Usage: [PYTHON=python3] scripts/ensure_gl.sh
set -euo pipefail
here=$(dirname "$0")
if [ "$(uname)" != Linux ]; then exit 0; fi # elsewhere MuJoCo draws with the system's own OpenGL
python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then python=python3; fi

# A separate process, because a broken driver may take its process down; what drivers print is of no use here.
can_draw() { "$python" -I "$here/find_gl.py" >/dev/null 2>&1; }

if can_draw; then exit 0; fi
reason="no OpenGL library that draws without a display (EGL or OSMesa)"
"$here/apt_install.sh" "$reason" libegl1 libgl1-mesa-dri libgles2
if can_draw; then exit 0; fi
"$here/apt_install.sh" "EGL does not start on this machine" libosmesa6
if can_draw; then exit 0; fi
echo "para-bench: $reason, although libegl1, libgl1-mesa-dri and libosmesa6 are installed" >&2
exit 1
