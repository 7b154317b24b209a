# Sourced by scripts that make environments: sets `uv` to the command of that name, else installs it below "$work" with "$python".
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    "$python" -m venv "$work/uv"
    "$work/uv/bin/python" -m pip install --quiet --disable-pip-version-check uv
    uv=$work/uv/bin/uv
fi
