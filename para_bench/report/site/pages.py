"""The static pages: the overview, one page a split, the fairness record, and the shells that scripts fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from para_bench.files import write_text
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.file_names import FileNames
from para_bench.report.roster import ConditionKey
from para_bench.report.site import fairness, plots
from para_bench.report.site.captions import caption
from para_bench.report.site.cells import RateCell, cell, control_beside
from para_bench.report.site.declared import Declared, Family, declared
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.findings import findings
from para_bench.report.site.halves import halves
from para_bench.report.site.lead import lead
from para_bench.report.site.marks import Mark, marks
from para_bench.report.site.overview import LOWEST, HeatRow, heat_rows
from para_bench.report.site.pictures import Shown
from para_bench.report.site.searched import sentence
from para_bench.report.site.verdicts import Verdicts, verdicts
from para_bench.report.site.wording import of_condition, of_levels, of_split, plain
from para_bench.report.statistics.family_count import UNDECLARED

ASSETS = Path(str(resources.files("para_bench"))) / "assets" / "site"
SHELLS = ("condition", "scene", "episode", "episodes", "compare")
PAGES = (("index.html", "Results"), ("compare.html", "Compare"), ("episodes.html", "Episodes"), ("fairness.html", "Fairness"))
SIZE = {"left": plots.LEFT, "top": plots.TOP, "width": plots.WIDTH, "height": plots.HEIGHT}


@dataclass(frozen=True)
class HeadTitle:
    """How a head is shown."""

    name: str
    sees: str
    trained: str
    """ "20 demos, 5 seeds (method)", "3 sets of 20 demos, 1 training each (method)"; "reference" for policies that learn nothing."""
    mark: Mark
    """The same on every page, and in the figures."""
    learned: bool


@dataclass(frozen=True)
class SplitPage:
    """All that the page of a split shows."""

    results: SplitEpisodes
    cells: Mapping[tuple[str, ConditionKey], RateCell]
    """By head and condition."""
    address: str


def split_page(results: SplitEpisodes, names: FileNames) -> SplitPage:
    """Values of the page of one split: the rates of every head in every condition."""
    cells = {(head, c): cell(results, head, (c,)) for head in results.heads for c in results.conditions}
    return SplitPage(results, cells, f"{names.of('split', results.name)}.html")


def head_titles(splits: Sequence[SplitEpisodes], sees: Mapping[str, str]) -> dict[str, HeadTitle]:
    """Every head of the site, learned ones and references, in order of first appearance."""
    titles: dict[str, HeadTitle] = {}
    told = {head: _trained(splits, head) for head in dict.fromkeys(head for results in splits for head in results.heads)}
    shown = marks([head for head, (learns, _) in told.items() if learns], [head for head, (learns, _) in told.items() if not learns])
    for head, (learned, trained) in told.items():
        titles[head] = HeadTitle(head, sees.get(head, ""), trained, shown[head], learned)
    return titles


def _trained(splits: Sequence[SplitEpisodes], head: str) -> tuple[bool, str]:
    """Whether a head learns, and its demonstrations and trainings; the kind of interval only where it is the same in every split."""
    by_split = [[r for c in results.conditions for r in results.found(head, c).values()] for results in splits if head in results.heads]
    found = [record for records in by_split for record in records]
    if not found:
        return True, "no episodes yet"
    if not any(r.checkpoint_hash for r in found):
        return False, "reference"
    numbers = sorted({len({r.train_seed for r in records}) for records in by_split if records})
    sets = len({r.demo_seed for r in found})
    if sets > 1 and len(numbers) == 1 and numbers[0] % sets == 0:
        each = numbers[0] // sets
        return True, f"{sets} sets of {_span(sorted({r.demos for r in found}))} demos, {each} training{'s' * (each > 1)} each (method)"
    kind = "1 seed (checkpoint)" if numbers == [1] else f"{_span(numbers)} seeds" + (" (method)" if len(numbers) == 1 else "")
    return True, f"{_span(sorted({r.demos for r in found}))} demos, {kind}"


def write_pages(
    out: Path,
    splits: Sequence[SplitPage],
    given: Sequence[PolicyFacts],
    titles: Mapping[str, HeadTitle],
    footer: str,
    pictures: Mapping[str, Sequence[Shown]],
    command: str,
    families: Sequence[Family] = (),
) -> None:
    """Write every .html of the site.

    Args:
        out: Folder of the site.
        splits: Pages of splits, in order.
        given: The fairness record.
        titles: Title of every head.
        footer: Footer of every page.
        pictures: Pictures of scenes, by split.
        command: `para-bench compare RESULTS`, as the pages print it.
        families: What suites declared.
    """
    environment = Environment(
        loader=FileSystemLoader(ASSETS / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def write(name: str, template: str, **values: object) -> None:
        text = environment.get_template(f"{template}.html.j2").render(pages=PAGES, here=name, footer=footer, **values)
        write_text(out / name, text)

    cards = [_card(page, pictures.get(page.results.name, ())) for page in splits]
    learned = [title.name for title in titles.values() if title.learned]
    every = [page.results for page in splits]
    tested, rows = declared(every, families, learned), heat_rows(every)
    judged = {results.name: _judged(results, learned, tested) for results in every}
    values = [_split_values(page, titles, [row for row in rows if row.results is page.results]) for page in splits]
    write(
        "index.html",
        "index",
        splits=cards,
        lead=lead(every, learned, given),
        findings=findings(rows, learned, judged, tested, given),
        doses=[(card, value, plot) for card, value in zip(cards, values, strict=True) for plot in value["doses"]][:2],
        caption=caption(every[0].methods),
        **_heat_map(rows, titles, {page.results.name: page.address for page in splits}),
    )
    same = {"command": command, "undeclared": UNDECLARED, "searched": sentence(given, learned)}
    for results, card, value in zip(every, cards, values, strict=True):
        verdicts_here = {"judged": judged[results.name], "tested": [one for one in tested if one.on(results.name)]}
        write(card["page"], "split", split=card, caption=caption(results.methods), **verdicts_here, **same, **value)
    write("fairness.html", "fairness", **fairness.values(given))
    for shell in SHELLS:
        write(f"{shell}.html", shell)


def condition_address(split: str, condition: ConditionKey, *more: object, page: str = "condition") -> str:
    """Address at which the scripts' pages show a condition, or with `more` a scene (index) or an episode (index, head, training seed)."""
    return f"{page}.html#" + "/".join(quote(str(word), safe="") for word in (split, *condition, *more))


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _card(page: SplitPage, pictures: Sequence[Shown]) -> dict:
    results, description = page.results, page.results.expected.description
    about = {"about": results.about, "task": description.task, "robot": description.robot}
    return {"name": results.name, "words": of_split(results.name), "page": page.address, "pictures": pictures, **about}


def _judged(results: SplitEpisodes, learned: Sequence[str], tested: Sequence[Declared]) -> Verdicts | None:
    had = [row for one in tested for row in one.on(results.name)]
    return verdicts(results, [head for head in results.heads if head in learned], had)


def _heat_map(rows: Sequence[HeatRow], titles: Mapping[str, HeadTitle], addresses: Mapping[str, str]) -> dict:
    return {
        "heads": list(titles.values()),
        "rows": [_heat_row(row, titles, addresses) for row in rows],
        "addresses": addresses,
        "words": {name: of_split(name) for name in addresses},
        "lowest": any(LOWEST in row.name for row in rows),
        "size": SIZE,
    }


def _heat_row(row: HeatRow, titles: Mapping[str, HeadTitle], addresses: Mapping[str, str]) -> dict:
    """A line of the heat map; None for a head that was not run in this split."""
    name = row.results.name
    cells = []
    for head in titles:
        found, control = row.cells.get(head), row.beside.get(head)
        if found is None or found.n == 0:
            cells.append(None)
            continue
        before = f", control in the same scenes {control.count} ({control.rate_text} %)" if control and control.rate else ""
        rate = f" ({found.rate_text} %)" if found.rate else ", incomplete"
        cells.append(
            {
                "head": head,
                "rate": found.rate.value if found.rate else None,
                "control": control.rate.value if control and control.rate and not row.is_control else None,
                "title": f"{head}, {of_split(name)}, {row.name}: {found.count}{rate}{before}",
            }
        )
    return {"split": name, "split_words": of_split(name), "name": row.name, "id": _row_id(row), "page": addresses[name], "cells": cells}


def _row_id(row: HeatRow) -> str:
    """Of the same rates on the page of the split, where a cell's id has the head after it."""
    number = row.results.conditions.index(row.levels[0])
    return f"cell-{number}" if len(row.levels) == 1 else f"cell-{number}-pooled"


def _split_values(page: SplitPage, titles: Mapping[str, HeadTitle], shown: Sequence[HeatRow]) -> dict:
    results = page.results
    description = results.expected.description
    heads = [replace(titles[head], trained=_trained([results], head)[1]) for head in results.heads]
    learned = [head.name for head in heads if head.learned]
    rows, maps, doses, lost = [], [], [], halves(results, learned)
    pooled = {row.levels[0][0]: row for row in shown if len(row.levels) > 1}
    for factor, levels in plots.factors(results.conditions).items():
        if results.expected.description.factor(factor).kind == "map" and plots.is_map(levels):
            cells = [cell(results, head.name, levels) for head in heads]
            about = {"name": of_levels(description, levels), "id": f"cell-{results.conditions.index(levels[0])}-pooled"}
            rows.append({**about, "address": f"#map-{factor}", "cells": cells})
            words = {"factor": factor, "words": plain(factor), **plots.map_words(description.factor(factor), levels)}
            maps.append({**words, "grids": [(head, _grid(page, head.name, levels)) for head in heads]})
            continue
        if factor in pooled:
            row = pooled[factor]
            rows.append({"name": row.name, "address": "", "id": _row_id(row), "cells": [row.cells[head.name] for head in heads]})
        for condition in levels:
            cells = [page.cells[head.name, condition] for head in heads]
            about = {"name": of_condition(description, condition), "id": f"cell-{results.conditions.index(condition)}"}
            rows.append({**about, "address": condition_address(results.name, condition), "cells": cells})
        beside = {(head, description.control): control_beside(results, head, levels) for head in learned}
        plot = plots.dose(description.factor(factor), levels, {**page.cells, **beside}, learned, lost)
        doses += [plot] if plot else []
    return {"heads": heads, "rows": rows, "maps": maps, "doses": doses, "size": SIZE}


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
    name = of_condition(page.results.expected.description, condition)
    return {"cell": shown, "address": address, "title": f"{name}: {shown.count}  {shown.rate_text}"}
