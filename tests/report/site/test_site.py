"""The site's pages and data against the records and the tables that are made from the same records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.fairness.policies import policies
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.build import MARK, Source, build_site
from para_bench.report.site.cells import cell
from para_bench.report.site.episodes import SplitEpisodes, split_episodes
from para_bench.report.site.pages import head_titles
from para_bench.report.site.plots import map_rows
from para_bench.report.site.videos import video_name
from para_bench.report.statistics.rates import bracket, wilson
from para_bench.report.tables import success as tables
from para_bench.report.tables.comparisons import comparison_table, to_console
from para_bench.report.tables.labels import p_text
from para_bench.types import ParaBenchError

SCENES = 8
CONDITIONS = {
    CONTROL: range(SCENES),
    ("view_angle", "5"): range(SCENES),
    ("view_angle", "25"): range(SCENES),
    ("view_angle", "45"): range(SCENES),
}
CELLS = {("view_grid", f"a{a}e{e}"): [2 * a + e, 2 * a + e + 4] for a in (0, 1) for e in (0, 1)}
SAID = Description("novel_view", factors=(Factor("view_angle", "curve"), Factor("view_grid", "map")))


@pytest.fixture
def found(record: Callable[..., EpisodeRecord]) -> list[EpisodeRecord]:
    """Two heads, `para` with two training seeds, four levels and a 2 x 2 map."""
    policies = [("para", 0), ("para", 1), ("global_token", 0)]
    return [
        record(head, condition, scene, (scene * 7 + seed + len(condition[1])) % 5 > (head == "para"), train_seed=seed)
        for head, seed in policies
        for condition, scenes in (CONDITIONS | CELLS).items()
        for scene in scenes
    ]


@pytest.fixture
def expected() -> Expected:
    scenes = {key: tuple(indices) for key, indices in (CONDITIONS | CELLS).items()}
    return Expected({"para": (0, 1), "global_token": (0,)}, scenes, SAID)


@pytest.fixture
def results(found: list[EpisodeRecord], expected: Expected) -> SplitEpisodes:
    return split_episodes("novel_view", "", expected, found)


def test_a_head_is_titled_by_the_trainings_of_each_split(record: Callable[..., EpisodeRecord], results: SplitEpisodes) -> None:
    expected = Expected({"para": (0,)}, {CONTROL: (0,)})
    other = split_episodes("id", "", expected, [record("para", CONTROL, 0, True, split="id")])
    titles = head_titles([results, other], {})
    assert (titles["para"].trained, titles["global_token"].trained) == ("20 demos, 1 to 2 seeds", "20 demos, 1 seed (checkpoint)")
    assert head_titles([results], {})["para"].trained == "20 demos, 2 seeds (method)"
    assert head_titles([other], {})["para"].trained == "20 demos, 1 seed (checkpoint)"


def test_several_demonstration_sets_are_told_apart_from_seeds(record: Callable[..., EpisodeRecord]) -> None:
    found = [record("para", CONTROL, 0, split="id", train_seed=seed, demo_seed=seed // 2) for seed in range(6)]
    titles = head_titles([split_episodes("id", "", Expected({"para": range(6)}, {CONTROL: 1}), found)], {})
    assert titles["para"].trained == "3 sets of 20 demos, 2 trainings each (method)"


def load(path: Path) -> dict:
    """The value that a data file registers."""
    text = path.read_text()
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def test_cells_are_the_rows_of_the_success_table(found: list[EpisodeRecord], expected: Expected, results: SplitEpisodes) -> None:
    for row in tables.success_table(found, CONTROL, expected).to_dict("records"):
        levels = [key for key in expected.scenes if key[0] == row["condition"] and (row["level"] == "all" or key[1] == row["level"])]
        shown = cell(results, row["head"], levels)
        assert (shown.k, shown.n) == (row["k"], row["n"])
        assert shown.rate is not None
        assert shown.rate == (row["rate"], row["low"], row["high"], row["interval"])
        if (row["condition"], row["level"]) == CONTROL:
            assert shown.gap is None
        else:
            assert shown.gap is not None
            assert shown.gap[:3] == (row["gap"], row["gap_low"], row["gap_high"])


def test_a_missing_episode_takes_the_rate_away(found: list[EpisodeRecord], expected: Expected) -> None:
    holed = split_episodes("novel_view", "", expected, [r for r in found if (r.head, r.level, r.scene_index) != ("global_token", "25", 3)])
    shown = cell(holed, "global_token", [("view_angle", "25")])
    assert shown.rate is None
    assert shown.count == f"{SCENES - 1} of {SCENES} episodes"
    assert cell(holed, "global_token", [("view_angle", "5"), ("view_angle", "25")]).rate is None
    assert cell(holed, "para", [("view_angle", "25")]).rate is not None


def test_pages_and_data_hold_every_episode(results: SplitEpisodes, found: list[EpisodeRecord], tmp_path: Path) -> None:
    built = build_site(Source([results]), tmp_path / "site")
    assert built.episodes == len(found)
    catalogue = load(tmp_path / "site" / MARK)
    (split,) = catalogue["splits"]
    seen = 0
    for condition, level, name, count, _, words, scenes in split["conditions"]:
        chunk = load(tmp_path / "site" / "data" / f"{name}.js")
        columns = chunk["columns"]
        assert {len(column) for column in columns.values()} == {count}
        assert "_" not in words
        assert scenes == sorted({r.scene_index for r in found if (r.condition, r.level) == (condition, level)})
        for row in range(count):
            policy = chunk["policies"][columns["policy"][row]]
            where = (policy["head"], policy["seed"], condition, level, chunk["scenes"][columns["scene"][row]]["index"])
            (record,) = [r for r in found if (r.head, r.train_seed, r.condition, r.level, r.scene_index) == where]
            assert columns["success_at_end"][row] == record.success_at_end
            assert chunk["reasons"][columns["reason"][row]] == record.reason
            assert columns["grasp_error_m"][row] == record.grasp_error_m
            assert policy["checkpoint"] == record.checkpoint_hash
            seen += 1
    assert seen == len(found)


def test_rates_on_the_page_carry_count_and_wilson_interval(results: SplitEpisodes, tmp_path: Path) -> None:
    build_site(Source([results]), tmp_path / "site")
    text = (tmp_path / "site" / "split-novel_view.html").read_text()
    shown = set(re.findall(r'class="count">(\d+/\d+)</span> <span class="percent">([^<]+)<', text))
    counts = [cell(results, "global_token", [key]) for key in CONDITIONS]  # one training seed and one level: Wilson
    assert {(f"{c.k}/{c.n}", bracket(c.k / c.n, *wilson(c.k, c.n))) for c in counts} <= shown


def test_verdicts_on_the_page_are_those_of_the_comparison(record: Callable[..., EpisodeRecord], tmp_path: Path) -> None:
    heads, scenes = ("para", "global_token", "act", "rvt"), range(12)
    met = [record(head, CONTROL, i, i < wins) for head, wins in zip(heads, (11, 1, 10, 5), strict=True) for i in scenes]
    seeds = {"para": (0,), "global_token": (0,), "act": (0,), "rvt": (0, 1)}  # of rvt a seed is missing
    shown = split_episodes("id", "", Expected(seeds, {CONTROL: tuple(scenes)}), met)
    build_site(Source([shown]), tmp_path / "site")
    text = (tmp_path / "site" / "split-id.html").read_text()
    compared = Expected(dict.fromkeys(heads[:3], (0,)), {CONTROL: 12})
    table = comparison_table([r for r in met if r.head != "rvt"], "para", ("global_token", "act"), compared)
    assert list(table["verdict"]) == ["better", "not resolved at n = 12"]
    assert re.findall(r'<td class="verdict (\w+)">([^<]+)<', text) == [("better", "better"), ("unresolved", "not resolved at n = 12")]
    assert re.findall(r'<td class="count">([^<]+)<', text) == ["11 : 1 of 12", "11 : 10 of 12"]
    shown_p = re.findall(r'<td>([^<]+)</td><td class="verdict', text)
    assert shown_p == [p_text(p) for p in table["p_holm"]] == ["0.004", "1.000"]
    assert '<th scope="col">p (Holm)</th>' in text
    assert "not corrected" in text
    said = str(to_console(table))
    assert all(p in said for p in shown_p)
    assert "Exploratory: para against the others" in text
    assert "One family of 2 comparisons, declared by no suite." in text
    assert "Test: exact McNemar, with Holm's correction over the family." in text.replace("&#39;", "'")
    assert "para-bench compare RESULTS --split id --head para --others global_token act" in text
    assert "episodes missing: rvt" in text


def test_heads_that_were_not_trained_alike_have_no_verdict(record: Callable[..., EpisodeRecord], tmp_path: Path) -> None:
    heads = ("para", "global_token", "act")
    met = [record(head, CONTROL, i, i < wins) for head, wins in zip(heads, (11, 1, 10), strict=True) for i in range(12)]
    facts = {f"{head}-0": {"steps": 400 if head == "act" else 1600} for head in heads}
    shown = split_episodes("id", "", Expected(dict.fromkeys(heads, (0,)), {CONTROL: 12}), met, facts)
    build_site(Source([shown]), tmp_path / "site")
    text = (tmp_path / "site" / "split-id.html").read_text()
    assert re.findall(r'<td class="verdict (\w+)">', text) == ["better"]
    assert "since more differs than the head: act (steps 1,600 against 400)." in text
    assert "--head para --others global_token</code>" in text


def test_names_from_records_are_text_not_markup(record: Callable[..., EpisodeRecord], tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    rows = [record(evil, CONTROL, 0)]
    build_site(Source([split_episodes("novel_view", evil, Expected({evil: (0,)}, {CONTROL: 1}), rows)]), tmp_path / "site")
    assert not [page for page in (tmp_path / "site").glob("*.html") if evil in page.read_text()]


def test_a_folder_with_something_else_is_refused_and_an_earlier_site_is_not(results: SplitEpisodes, tmp_path: Path) -> None:
    (tmp_path / "thesis.html").write_text("precious")
    with pytest.raises(ParaBenchError, match="allowed: a new or empty folder"):
        build_site(Source([results]), tmp_path)
    assert (tmp_path / "thesis.html").read_text() == "precious"
    build_site(Source([results]), tmp_path / "site")
    build_site(Source([results]), tmp_path / "site")
    with pytest.raises(ParaBenchError, match="no episodes to show"):
        build_site(Source([]), tmp_path / "site")


def test_videos_are_found_under_both_names_and_copied(results: SplitEpisodes, tmp_path: Path) -> None:
    first = results.found("para", ("view_angle", "25"))[0, 0]
    later = results.found("para", ("view_angle", "25"))[1, 3]
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / f"para-view_angle-25-{first.checkpoint_hash[:8]}.mp4").write_bytes(b"a")  # as `run` names it
    (tmp_path / "videos" / video_name(later)).write_bytes(b"b")
    (tmp_path / "videos" / "para-view_angle-25-00000000.mp4").write_bytes(b"of another checkpoint")
    built = build_site(Source([results], folders={"novel_view": [tmp_path]}), tmp_path / "site")
    assert built.videos == 2
    assert sorted(path.read_bytes() for path in (tmp_path / "site" / "videos").rglob("*.mp4")) == [b"a", b"b"]


def test_fairness_page_tells_what_is_equal_different_and_unknown(
    results: SplitEpisodes, found: list[EpisodeRecord], tmp_path: Path
) -> None:
    facts = {"para-0": {"training_s": 31.5, "head_parameters": 275056, "steps": 1600}}
    build_site(Source([results], policies=policies(found, facts, results.heads)), tmp_path / "site")
    text = (tmp_path / "site" / "fairness.html").read_text()
    assert "<dt>demonstrations</dt><dd>20</dd>" in text
    assert "<dt>backbone</dt><dd>lite0</dd>" in text
    assert text.count('<td class="missing">not recorded</td>') == 3 * 1 + 3 * 2  # three facts that global_token and a seed of para lack
    assert "<td>275,056</td>" in text
    assert re.search(r"Not recorded for any policy: sees, .*batch, ", text)


def test_a_head_with_several_checkpoints_has_one_cell(record: Callable[..., EpisodeRecord]) -> None:
    few, many = (record("para", ("demos", level), 0, demos=int(level), checkpoint_hash=f"para-{level}") for level in ("4", "64"))
    results = split_episodes("data_efficiency", "", Expected({"para": (0,)}, {("demos", "4"): 1, ("demos", "64"): 1}), [few, many])
    assert cell(results, "para", [("demos", "4"), ("demos", "64")]).n == 2


def test_a_head_without_episodes_yet_is_shown_as_such(found: list[EpisodeRecord], expected: Expected, tmp_path: Path) -> None:
    waiting = Expected({**expected.seeds, "diffusion": (0, 1)}, expected.scenes)
    results = split_episodes("novel_view", "", waiting, found)
    build_site(Source([results]), tmp_path / "site")
    assert "no episodes yet" in (tmp_path / "site" / "index.html").read_text()
    assert cell(results, "diffusion", [CONTROL]).rate is None


def test_maps_are_drawn_with_the_highest_elevation_on_top() -> None:
    a0e0, a0e1, a1e1 = (("view_grid", level) for level in ("a0e0", "a0e1", "a1e1"))
    assert map_rows([a0e0, a0e1, a1e1]) == [[a0e1, a1e1], [a0e0, None]]


def test_names_lead_nowhere_else(tmp_path: Path, record: Callable[..., EpisodeRecord]) -> None:
    """Splits, conditions, heads and videos whose names are paths, markup or commands."""
    names = ["../../../up", "..", "<script>alert(1)</script>", "a/b", "a b", "[red]", "$x$", "é" * 190]
    splits, folders = [], {}
    for name in names:
        found = [record(name, (factor, name), i, split=name) for factor in ("id", "../x") for i in range(2)]
        scenes = {(factor, name): (0, 1) for factor in ("id", "../x")}
        splits.append(split_episodes(name, name, Expected({name: (0,)}, scenes), found))
        folder = tmp_path / "results" / str(len(splits))
        (folder / "videos").mkdir(parents=True)
        for one in found:
            assert video_name(one) == Path(video_name(one)).name
            (folder / "videos" / video_name(one)).write_bytes(b"film")
        folders[name] = [folder]
    out = tmp_path / "deep/deeper/site"
    built = build_site(Source(splits, folders, sees={name: name for name in names}), out)
    assert (built.episodes, built.videos) == (4 * len(names), 4 * len(names))
    assert {path.name for path in tmp_path.iterdir()} == {"results", "deep"}
    assert [path.name for path in (tmp_path / "deep/deeper").iterdir()] == ["site"]
    assert len(list(out.glob("split-*.html"))) == len(names)
    assert len(list(out.glob("data/*.js"))) == 1 + 2 * len(names)
    assert len({path.parent for path in out.glob("videos/*/*.mp4")}) == len(names)
    assert not [page for page in out.glob("*.html") if "<script>alert" in page.read_text()]
