"""Puts the site together: pages, scripts, data and videos in one folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from para_bench.files import make_folder, write_bytes
from para_bench.records import EpisodeKey
from para_bench.report.fairness.policies import PolicyFacts
from para_bench.report.file_names import FileNames
from para_bench.report.roster import ConditionKey
from para_bench.report.site import chunks, pages, pictures, videos
from para_bench.report.site.declared import Family
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.glossary import REASONS
from para_bench.report.site.pages import SplitPage
from para_bench.report.site.pictures import Picture, Shown
from para_bench.report.site.wording import MEASURES, of_split
from para_bench.types import ParaBenchError

RESULTS = "RESULTS"
MARK = "data/catalogue.js"
"""A folder that holds this file is a site and may be written over."""


@dataclass(frozen=True)
class Source:
    """What a site is made from."""

    splits: Sequence[SplitEpisodes]
    """Splits in the order of the columns."""
    folders: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """By split: the folders whose `videos/` hold its videos."""
    policies: Sequence[PolicyFacts] = ()
    """Trained policies, with their fairness record."""
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    """By split: what scenes of its conditions look like."""
    sees: Mapping[str, str] = field(default_factory=dict)
    """What each head is given, by head."""
    results: str = RESULTS
    """Name of the results folders in commands that the pages print."""
    places: Mapping[str, str] = field(default_factory=dict)
    """By split: name of the results folder that holds it, in the same commands."""
    checkpoints: Collection[str] = ()
    """Hashes of the checkpoints beside the results: their episodes can be run again."""
    footer: str = ""
    families: Sequence[Family] = ()
    """What suites declared before their first episode."""


@dataclass(frozen=True)
class Built:
    """What was written."""

    index: Path
    episodes: int
    videos: int


def build_site(source: Source, out: Path) -> Built:
    """Write the site into `out`, a new or empty folder or an earlier site.

    Raises:
        ParaBenchError: nothing to show, or a folder that holds something else or cannot be written.
    """
    if not source.splits:
        raise ParaBenchError("no episodes to show; allowed: results folders with at least one")
    _prepare(out)
    names = FileNames()
    titles = pages.head_titles(source.splits, source.sees)
    drawn = {split: pictures.write_pictures(found, names.of("scenes", split), out) for split, found in source.pictures.items()}
    catalogue, shown, filmed = [], [], 0
    for results in source.splits:
        page = pages.split_page(results, names)
        addresses = videos.copy_videos(videos.find_videos(results, source.folders.get(results.name, ())), names.of(results.name), out)
        catalogue.append(
            {
                "name": results.name,
                "words": of_split(results.name),
                "page": page.address,
                "results": source.places.get(results.name, RESULTS),
                "heads": results.heads,
                "learned": [head for head in results.heads if titles[head].learned],
                "pictures": [_listed(picture) for picture in drawn.get(results.name, ())],
                "conditions": [_write_condition(page, condition, addresses, names, out) for condition in results.conditions],
            }
        )
        shown.append(page)
        filmed += len(addresses)
    heads = {title.name: title.mark for title in titles.values()}
    told = {"splits": catalogue, "heads": heads, "checkpoints": sorted(source.checkpoints), "measures": MEASURES, "reasons": REASONS}
    chunks.write_chunk(out / "data", "catalogue", told)
    compare = f"para-bench compare {source.results}"
    pages.write_pages(out, shown, source.policies, titles, source.footer, drawn, compare, source.families)
    return Built(out / "index.html", sum(entry[3] for split in catalogue for entry in split["conditions"]), filmed)


def _listed(picture: Shown) -> dict[str, object]:
    """A picture in the catalogue."""
    condition, level = picture.condition
    return {"condition": condition, "level": level, "scene": picture.scene, "words": picture.words, "address": picture.address}


def _write_condition(page: SplitPage, condition: ConditionKey, filmed: Mapping[EpisodeKey, str], names: FileNames, out: Path) -> list:
    """Write the data of a condition; returns its entry in the catalogue: name, file, episodes, scenes with videos, words, all scenes."""
    results = page.results
    stem = chunks.file_stem(results, condition, names)
    value = chunks.chunk(results, condition, [page.cells[head, condition] for head in results.heads], filmed)
    chunks.write_chunk(out / "data", stem, value)
    films = sorted({value["scenes"][value["columns"]["scene"][int(row)]]["index"] for row in value["videos"]})
    scenes = sorted({scene["index"] for scene in value["scenes"]})
    return [*condition, stem, len(value["columns"]["policy"]), films, value["words"], scenes]


def _prepare(out: Path) -> None:
    """Make an empty `data` folder, and write scripts and styles."""
    try:
        make_folder(out)
        if any(out.iterdir()) and not (out / MARK).exists():
            raise ParaBenchError(f"--out {out} holds something else; allowed: a new or empty folder, or an earlier site")
        for old in (*out.glob("*.html"), *out.glob("data/*.js"), *out.glob("videos/*/*.mp4"), *out.glob("pictures/*.png")):
            old.unlink()
        (out / "data").mkdir(exist_ok=True)
        for asset in pages.ASSETS.iterdir():
            if asset.is_file():
                write_bytes(out / asset.name, asset.read_bytes())
    except OSError as error:
        raise ParaBenchError(f"cannot write to --out {out} ({error.strerror}); allowed: a folder you may write to") from None
