# Sourced by scripts that replace or add a package: makes $work an environment that links to the packages of $python, all but those whose
# name begins with $without, and sets $python to its interpreter.
"$python" -m venv --without-pip "$work"
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
find "$(site "$python")" -mindepth 1 -maxdepth 1 ! -name "${without:-nothing}" ! -name "${without:-nothing}[-_]*" ! -name __pycache__ \
    -exec ln -s -t "$(site "$work/bin/python")" {} +
python=$work/bin/python
