"""Scripts under perf/ import what there is: a part that was renamed is told before somebody measures."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).resolve().parents[1] / "perf").glob("*.py"))


@pytest.mark.integration
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_a_script_imports_of_the_package_is_there(script: Path) -> None:
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "para_bench":
            assert node.module is not None
            module = import_module(node.module)
            missing = [name.name for name in node.names if not hasattr(module, name.name) and not find_spec(f"{node.module}.{name.name}")]
            assert not missing, f"{script.name} imports {', '.join(missing)} of {node.module}"
