"""Code blocks of the pages of this repository, and the marks that say how each is tested.

A comment just before a block, invisible on the page, says what holds for it:

    <!-- not executed: REASON -->           its `para-bench` lines are only held against the real command line
    <!-- executed with the slow tests -->   it takes more than seconds
    <!-- executed by tests/FILE.py -->      that file does it

Without a mark a block of commands or Python is executed by tests/test_command_blocks.py, in an empty folder, after the blocks before it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (".", "docs", "plugins/*", "results", "results/*", "results/v1/*")
PAGES = sorted({path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.md")} - {ROOT / "CHANGELOG.md"})
SHELL = ("", "bash", "sh", "console")
"""Languages of commands; an indented block has none."""
OTHERS = ("text", "toml", "yaml")
_FENCED = r"^```(?P<language>\w*)\n(?P<fenced>(?s:.*?))^```$"
_INDENTED = r"(?<=\n\n)(?P<indented>(?: {4}.*\n|\n(?= {4}))+)"
_BLOCK = re.compile(f"{_FENCED}|{_INDENTED}", re.MULTILINE)
_MARK = re.compile(r"<!-- ([^>]*) -->\s*\Z")
_COMMAND = re.compile(r"(?:^|[\s;&|\"'])para-bench +(?=[\w-])")


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    text: str
    mark: str
    """What the comment before it says; empty where there is none."""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def script(self) -> str:
        """Its commands: of a block with `$ ` before them those lines alone."""
        lines = self.text.splitlines()
        asked = [line[2:] for line in lines if line.startswith("$ ")]
        return "\n".join(asked or lines)

    @property
    def printed(self) -> list[str]:
        """Lines that stand below a command as what it prints, without the spaces that align them."""
        if not self.text.startswith("$ "):
            return []
        return [" ".join(line.split("   #")[0].split()) for line in self.text.splitlines() if line.strip() and not line.startswith("$ ")]


def blocks(page: Path) -> list[Block]:
    text, found = page.read_text(), []
    for match in _BLOCK.finditer(text):
        mark = _MARK.search(text, 0, match.start())
        code = match["fenced"] if match["indented"] is None else re.sub(r"^ {4}", "", match["indented"], flags=re.MULTILINE)
        code = re.sub(r" \\\n\s*", " ", code)  # a command that goes on in the next line
        language = match["language"] or ("python" if re.match(r"import |from ", code) else "")
        found.append(Block(page, text.count("\n", 0, match.start()) + 1, language, code, mark[1] if mark else ""))
    return found


def para_bench_lines(block: Block) -> list[list[str]]:
    """Arguments of every `para-bench` command in a block; a variable of a shell or of a CI stands for 1."""
    plain = re.sub(r"\$\{\{.*?\}\}|\$\{?\w+\}?", "1", block.script)
    found = []
    for line in plain.splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", line)
        for match in _COMMAND.finditer(line):
            rest = re.split(r"&&|;|\||>", line[match.end() :])[0]
            found.append(shlex.split(rest if rest.count('"') % 2 == 0 else rest.rpartition('"')[0]))  # the end of a command in quotes
    return found


def inline_commands(page: Path) -> list[list[str]]:
    """Arguments of every `para-bench` command in the prose of a page that states options, but for those with a placeholder in CAPITALS."""
    found = re.findall(r"`para-bench ([a-z][\w-]* [^`\n]*--[^`\n]*)`", page.read_text())
    return [shlex.split(line) for line in found if not re.search(r"\b[A-Z]{2,}\b|\.\.\.|…", line)]
