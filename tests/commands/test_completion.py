"""`para-bench completion`: the script that is printed completes commands, options and values in a real bash."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from para_bench.commands.completion import Completion

ASK = """
source {script}
COMP_WORDS=({words}); COMP_CWORD={last}; COMPREPLY=()
_tyro_para_bench
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def script(shell: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    with pytest.raises(SystemExit) as stop:
        Completion(shell)()  # type: ignore[arg-type]
    assert not stop.value.code
    path = folder / shell
    path.write_text(capsys.readouterr().out)
    return path


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("para-bench comp", {"compare", "completion"}),
        ("para-bench run --spl", {"--split"}),
        ("para-bench run --suite-version ''", {"1", "2"}),
    ],
)
def test_bash_completes(words: str, some: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script("bash", tmp_path, capsys)
    asked = ASK.format(script=path, words=words, last=len(words.split()) - 1)
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert some <= set(done.stdout.split()), done.stdout + done.stderr


@pytest.mark.parametrize(("shell", "begins"), [("zsh", "#compdef para-bench"), ("fish", "#")])
def test_other_shells_get_a_script_of_their_own(shell: str, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, tmp_path, capsys).read_text()
    assert text.startswith(begins)
    assert all(word in text for word in ("run", "compare", "suite-version"))
