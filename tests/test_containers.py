"""What can be read from the Dockerfile, the dev container and CITATION.cff without building anything."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = {line.rstrip("/") for line in (ROOT / ".dockerignore").read_text().split()}
    copied = [name for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]]
    assert {"pyproject.toml", "README.md", "para_bench"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists()
        assert name not in ignored


def test_the_image_draws_as_make_does_and_does_not_run_as_root() -> None:
    wanted = re.search(r'"\$here/apt_install.sh" "\$reason" (.*)', (ROOT / "scripts/ensure_gl.sh").read_text())
    assert wanted is not None
    assert f"--no-install-recommends {wanted[1]}" in DOCKERFILE
    assert "rm -rf /var/lib/apt/lists/*" in DOCKERFILE
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["bench"]
    assert DOCKERFILE.index("USER bench") < DOCKERFILE.index("ENTRYPOINT")


def test_base_images_have_a_version_and_a_python_that_is_supported() -> None:
    (image,) = re.findall(r"^FROM (\S+)$", DOCKERFILE, re.MULTILINE)
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    for name in (image, container["image"]):
        found = re.search(r":(3\.\d+)-", name)
        assert found is not None
        assert f"Programming Language :: Python :: {found[1]}" in PROJECT["classifiers"]
    assert container["postCreateCommand"].startswith("make ")


def test_the_citation_is_of_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    assert re.findall(r"^version: (.*)$", citation, re.MULTILINE) == [PROJECT["version"]]
    assert re.findall(r"^license: (.*)$", citation, re.MULTILINE) == [PROJECT["license"]]
    for field in ("cff-version: 1.2.0", "message:", "title:", "authors:"):
        assert field in citation
