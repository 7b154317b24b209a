"""uv.lock: the versions that `uv sync` installs satisfy pyproject.toml, come from PyPI alone and are told by their hashes."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PACKAGES = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
VERSIONS = defaultdict[str, list[Version]](list)
for package in PACKAGES:
    VERSIONS[package["name"]].append(Version(package["version"]))
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [*PROJECT["dependencies"], *(wanted for extra in EXTRAS.values() for wanted in extra)]
OWN = next(package for package in PACKAGES if package["name"] == PROJECT["name"])


@pytest.mark.parametrize("wanted", dict.fromkeys(WANTED))
def test_every_locked_version_satisfies_its_requirement(wanted: str) -> None:
    requirement = Requirement(wanted)
    found = VERSIONS[requirement.name.lower().replace("_", "-")]
    assert found, f"{requirement.name} is not in uv.lock; run `uv lock`"
    # Several versions are for several Pythons; of a package that extras share, one is enough for each.
    assert any(version in requirement.specifier for version in found)


def test_it_is_of_this_project_as_it_is_now() -> None:
    """What `uv lock --check` says, without uv."""
    assert OWN["version"] == PROJECT["version"]
    stated = {(one["name"], one.get("specifier", "")) for one in OWN["metadata"]["requires-dist"]}
    wanted = {(r.name.lower().replace("_", "-"), str(r.specifier)) for r in map(Requirement, WANTED)}
    assert {(name, frozenset(text.split(","))) for name, text in stated} == {(name, frozenset(text.split(","))) for name, text in wanted}
    assert set(OWN["metadata"]["provides-extras"]) == set(EXTRAS)


def test_every_file_is_of_pypi_and_has_its_hash() -> None:
    others = [package for package in PACKAGES if package is not OWN]
    files = [file for package in others for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]]
    assert {package["source"].get("registry") for package in others} == {"https://pypi.org/simple"}
    assert {urlsplit(file["url"]).hostname for file in files} == {"files.pythonhosted.org"}
    assert all(file["hash"].startswith("sha256:") for file in files)
    assert all(package.get("wheels") or package.get("sdist") for package in others)
