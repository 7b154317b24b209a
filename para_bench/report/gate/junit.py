"""The findings of a gate as JUnit XML, which CI systems show as tests: a cell of a layer is a test case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from para_bench.report.gate.regression import Finding
from para_bench.report.gate.verdict import CANNOT_TELL, REGRESSED
from para_bench.text import printable


def to_junit(findings: Sequence[Finding], sentence: Callable[[Finding], str], flipped: Callable[[Finding], str]) -> str:
    """REGRESSED is a failure and CANNOT TELL is skipped, with `sentence` as message; `flipped` goes to system-out."""
    root = ElementTree.Element("testsuites", name="para-bench check")
    for layer in dict.fromkeys(finding.layer for finding in findings):
        own = [finding for finding in findings if finding.layer == layer]
        counts = {"tests": len(own), "failures": _count(own, REGRESSED), "errors": 0, "skipped": _count(own, CANNOT_TELL)}
        suite = ElementTree.SubElement(root, "testsuite", {"name": layer} | {name: str(count) for name, count in counts.items()})
        for finding in own:
            case = ElementTree.SubElement(
                suite, "testcase", classname=f"para_bench.check.{layer}", name=_plain(finding.cell.name), time="0"
            )
            if finding.verdict in (REGRESSED, CANNOT_TELL):
                ElementTree.SubElement(case, "failure" if finding.verdict == REGRESSED else "skipped", message=_plain(sentence(finding)))
            if finding.flips:
                ElementTree.SubElement(case, "system-out").text = _plain(flipped(finding))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _plain(text: str) -> str:
    """Text without characters that XML forbids: `printable` replaces all but the last two of each plane."""
    return "".join("\N{REPLACEMENT CHARACTER}" if ord(letter) & 0xFFFE == 0xFFFE else letter for letter in printable(text))


def _count(findings: Sequence[Finding], verdict: str) -> int:
    return sum(finding.verdict == verdict for finding in findings)
