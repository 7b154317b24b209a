"""The static pages: head x split matrix, one page a split, the fairness record, and the shells that scripts fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from para_bench.files import write_text
from para_bench.report.fairness.facts import FACTS, UNKNOWN
from para_bench.report.fairness.grid import equal_and_different
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.file_names import FileNames
from para_bench.report.pooling import shifted
from para_bench.report.roster import ConditionKey
from para_bench.report.site import plots
from para_bench.report.site.cells import RateCell, cell
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.verdicts import verdicts

ASSETS = Path(str(resources.files("para_bench"))) / "assets" / "site"
SHELLS = ("condition", "scene", "episode", "episodes")
PAGES = (("index.html", "Results"), ("episodes.html", "Episodes"), ("fairness.html", "Fairness"))
COLOURS = 8
"""How many head colours colours.css knows; further heads start again."""
CAPTION = (
    "95 % intervals. One training seed (checkpoint): Wilson over episodes. Several (method): the hull of t intervals over seed means and "
    "over scene means and of the pooled episodes' own. Pooled levels that share scenes: likewise over scene means. Gap: control minus "
    "condition in points, on the same scenes. A number in brackets after a condition: so many levels pooled. Where episodes are missing, "
    "no rate is given."
)


@dataclass(frozen=True)
class HeadTitle:
    """How a head is shown."""

    name: str
    sees: str
    trained: str
    """ "20 demos, 5 seeds (method)"; "reference" for policies that learn nothing."""
    colour: int
    """Number of its colour, the same on every page."""
    learned: bool


@dataclass(frozen=True)
class SplitPage:
    """All that the page of a split shows."""

    results: SplitEpisodes
    cells: Mapping[tuple[str, ConditionKey], RateCell]
    """By head and condition."""
    address: str


def split_page(results: SplitEpisodes, names: FileNames) -> SplitPage:
    """The rates of every head in every condition."""
    cells = {(head, c): cell(results, head, (c,)) for head in results.heads for c in results.conditions}
    return SplitPage(results, cells, f"{names.of('split', results.name)}.html")


def head_titles(splits: Sequence[SplitEpisodes], sees: Mapping[str, str]) -> dict[str, HeadTitle]:
    """Every head of the site, learned ones and references, in order of first appearance."""
    titles: dict[str, HeadTitle] = {}
    for head in dict.fromkeys(head for results in splits for head in results.heads):
        learned, trained = _trained(splits, head)
        titles[head] = HeadTitle(head, sees.get(head, ""), trained, len(titles) % COLOURS, learned)
    return titles


def _trained(splits: Sequence[SplitEpisodes], head: str) -> tuple[bool, str]:
    """Whether a head learns, and what its trainings were; a kind of interval only where it is that of every split."""
    by_split = [[r for c in results.conditions for r in results.found(head, c).values()] for results in splits if head in results.heads]
    found = [record for records in by_split for record in records]
    if not found:
        return True, "no episodes yet"
    if not any(r.checkpoint_hash for r in found):
        return False, "reference"
    numbers = sorted({len({r.train_seed for r in records}) for records in by_split if records})
    kind = "1 seed (checkpoint)" if numbers == [1] else f"{_span(numbers)} seeds" + (" (method)" if len(numbers) == 1 else "")
    return True, f"{_span(sorted({r.demos for r in found}))} demos, {kind}"


def write_pages(out: Path, splits: Sequence[SplitPage], given: Sequence[PolicyFacts], titles: Mapping[str, HeadTitle], footer: str) -> None:
    """Every .html of the site."""
    environment = Environment(
        loader=FileSystemLoader(ASSETS / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def write(name: str, template: str, **values: object) -> None:
        text = environment.get_template(f"{template}.html.j2").render(pages=PAGES, here=name, footer=footer, **values)
        write_text(out / name, text)

    shown = [{"name": page.results.name, "about": page.results.about, "page": page.address} for page in splits]
    write(
        "index.html",
        "index",
        splits=shown,
        learned=[title for title in titles.values() if title.learned],
        references=[title for title in titles.values() if not title.learned],
        matrix={(head, page.results.name): _lines(page, head) for head in titles for page in splits},
        caption=CAPTION,
    )
    for page, split in zip(splits, shown, strict=True):
        write(page.address, "split", split=split, caption=CAPTION, **_split_values(page, titles))
    equal, different, silent = equal_and_different(given)
    known = {"equal": equal, "different": different, "silent": silent}
    names = {name: fact.title for name, fact in FACTS.items()}
    write("fairness.html", "fairness", policies=given, unknown=UNKNOWN, titles=names, **known)
    for shell in SHELLS:
        write(f"{shell}.html", shell)


def condition_address(split: str, condition: ConditionKey, *more: object, page: str = "condition") -> str:
    """Where the scripts' pages show a condition, or with `more` a scene (index) or an episode (index, head, training seed)."""
    return f"{page}.html#" + "/".join(quote(str(word), safe="") for word in (split, *condition, *more))


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _lines(page: SplitPage, head: str) -> list[tuple[str, RateCell]]:
    """A cell of the matrix: one rate a factor, levels pooled where that means something; curves are on the split's page."""
    results = page.results
    if head not in results.expected.seeds:
        return []
    lines = []
    for factor, found in plots.factors(results.conditions).items():
        about = results.expected.description.factor(factor)
        if about.kind == "curve" and not about.pooled:
            continue
        if not about.pooled:
            lines += [(" ".join(level), cell(results, head, (level,))) for level in found]
            continue
        levels = shifted(found)
        label = " ".join(levels[0]) if len(levels) == 1 else f"{factor} ({len(levels)})"
        scenes = [results.expected.indices(level) for level in levels]
        if len(set(scenes)) == 1 or len(set().union(*scenes)) == sum(map(len, scenes)):  # else scenes weigh differently
            lines.append((label, cell(results, head, levels)))
    return lines


def _split_values(page: SplitPage, titles: Mapping[str, HeadTitle]) -> dict:
    results = page.results
    heads = [replace(titles[head], trained=_trained([results], head)[1]) for head in results.heads]
    rows, maps, doses = [], [], []
    for factor, levels in plots.factors(results.conditions).items():
        if results.expected.description.factor(factor).kind == "map" and plots.is_map(levels):
            cells = [cell(results, head.name, levels) for head in heads]
            rows.append({"name": f"{factor} all {len(levels)}", "address": f"#map-{factor}", "cells": cells})
            maps.append({"factor": factor, "grids": [(head, _grid(page, head.name, levels)) for head in heads]})
            continue
        for condition in levels:
            cells = [page.cells[head.name, condition] for head in heads]
            rows.append({"name": " ".join(condition), "address": condition_address(results.name, condition), "cells": cells})
        plot = plots.dose(factor, levels, page.cells, [head.name for head in heads if head.learned])
        doses += [plot] if plot else []
    size = {"left": plots.LEFT, "top": plots.TOP, "width": plots.WIDTH, "height": plots.HEIGHT}
    judged = verdicts(results, [head.name for head in heads if head.learned])
    return {"heads": heads, "rows": rows, "maps": maps, "doses": doses, "size": size, "judged": judged}


def _grid(page: SplitPage, head: str, levels: Sequence[ConditionKey]) -> list[list[dict | None]]:
    return [[_map_cell(page, head, level) if level else None for level in row] for row in plots.map_rows(levels)]


def _map_cell(page: SplitPage, head: str, condition: ConditionKey) -> dict:
    """A cell opens its episode where it holds one, else its condition."""
    shown, found = page.cells[head, condition], page.results.found(head, condition)
    if len(found) == 1:
        seed, scene = next(iter(found))
        address = condition_address(page.results.name, condition, scene, head, seed, page="episode")
    else:
        address = condition_address(page.results.name, condition)
    return {"cell": shown, "address": address, "title": f"{' '.join(condition)}: {shown.count}  {shown.rate_text}"}
