"""The first page: every shift beside its control, and sentences whose numbers are those of the records."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import SplitEpisodes, split_episodes
from para_bench.report.site.findings import findings
from para_bench.report.site.marks import marks
from para_bench.report.site.overview import heat_rows, shown_levels, worst
from para_bench.report.site.pictures import Picture
from para_bench.report.site.verdicts import verdicts
from para_bench.report.site.wording import of_condition, of_levels

SAID = Description(
    "calibration",
    factors=(
        Factor("calibration_rotation", "curve", unit="deg", pooled=False),
        Factor("view_angle", "curve", unit="deg"),
        Factor("demos", "curve", pooled=False, logarithmic=True),
    ),
)
LEVELS = {
    "calibration_rotation": ("0.5", "5"),
    "view_angle": ("10", "30"),
    "demos": ("4", "16"),
}
N = 20
WINS = {"para": {"id": 20, "5": 1, "30": 4}, "global_token": {"id": 1}}
"""Successes; of para 18 elsewhere, of global_token 0."""


@pytest.fixture
def results(record: Callable[..., EpisodeRecord]) -> SplitEpisodes:
    conditions = [CONTROL, *((factor, level) for factor, levels in LEVELS.items() for level in levels)]
    made = [
        record(head, key, i, i < wins.get("id" if key == CONTROL else key[1], 18 if head == "para" else 0), split="calibration")
        for head, wins in WINS.items()
        for key in conditions
        for i in range(N)
    ]
    expected = Expected({"para": (0,), "global_token": (0,)}, {key: tuple(range(N)) for key in conditions}, SAID)
    return split_episodes("calibration", "tells a wrong camera", expected, made)


def test_every_shift_has_a_row_and_no_control_stands_for_it(results: SplitEpisodes) -> None:
    assert [name for _, name in shown_levels(results)] == [
        "calibration rotation 5 deg (lowest of 2)",
        "view angle, 2 levels pooled",
        "demos 4 (lowest of 2)",
    ]
    rows = heat_rows([results])
    assert [row.cells["para"].count for row in rows] == ["1/20", "22/40", "18/20"]
    assert {row.controls["para"].count for row in rows} == {row.beside["para"].count for row in rows} == {"20/20"}
    found = worst([results], "para")
    assert found is not None
    assert found.control is not None
    assert (found.name, found.rate.count, found.control.count) == ("calibration rotation 5 deg", "1/20", "20/20")
    assert found.of == 6  # every level on its own, those that a row pools too
    assert worst([results], "nobody") is None


def one_factor(record: Callable[..., EpisodeRecord], factor: Factor, wins: dict[str, int], asked: int = 10) -> SplitEpisodes:
    """A split with successes of 10 by level, for `para` and for `other`, which does best where `para` does worst."""
    conditions = [CONTROL, *(("shift", level) for level in wins)]
    known = {"0": 10} | wins
    made = [
        record(head, key, i, (i < known[key[1]]) == (head == "para")) for head in ("para", "other") for key in conditions for i in range(10)
    ]
    scenes = {key: tuple(range(asked if key[1] == "missing" else 10)) for key in conditions}
    return split_episodes("novel_view", "", Expected({"para": (0,), "other": (0,)}, scenes, Description("x", factors=(factor,))), made)


@pytest.mark.parametrize(
    ("wins", "shown"),
    [
        ({"-20": 2, "-10": 4, "10": 5, "20": 9}, "shift -20 deg (lowest of 4)"),  # the largest level is the mildest
        ({"0.6": 1, "1": 3}, "shift 0.6 deg (lowest of 2)"),
        ({"9": 7, "10": 5, "30": 6}, "shift 10 deg (lowest of 3)"),
        ({"up": 6, "down": 1, "left": 3}, "shift down deg (lowest of 3)"),
        ({"9": 4, "10": 4}, "shift 10 deg (lowest of 2)"),  # of equal ones the largest
        ({"45": 3}, "shift 45 deg"),
    ],
)
def test_of_a_curve_that_is_not_pooled_the_row_is_where_the_first_head_does_worst(record, wins: dict[str, int], shown: str) -> None:
    results = one_factor(record, Factor("shift", "curve", unit="deg", pooled=False), wins)
    ((levels, name),) = shown_levels(results)
    assert name == shown
    (row,) = heat_rows([results])
    assert row.cells["para"].k == min(wins.values())
    found = worst([results], "para")
    assert found is not None
    assert (found.rate.k, found.name) == (min(wins.values()), of_condition(results.expected.description, levels[0]))


def some_scenes(record: Callable[..., EpisodeRecord]) -> SplitEpisodes:
    """Levels on the first 4 of 8 scenes: there `para` has 1 of 4 before the shift and 2 of 4 after, elsewhere 4 of 4."""
    factor, levels = Factor("look_at", "curve", unit="cm", pooled=False), [("look_at", level) for level in ("3", "6", "9")]
    made = [record("para", CONTROL, i, i > 2) for i in range(8)] + [record("para", key, i, i > 1) for key in levels for i in range(4)]
    scenes = {CONTROL: tuple(range(8)), **dict.fromkeys(levels, tuple(range(4)))}
    return split_episodes("novel_view", "", Expected({"para": (0,)}, scenes, Description("novel_view", factors=(factor,))), made)


def test_a_shift_stands_beside_the_control_of_its_own_scenes(record, tmp_path: Path) -> None:
    results = some_scenes(record)
    (row,) = heat_rows([results])
    assert (row.cells["para"].count, row.beside["para"].count, row.controls["para"].count) == ("2/4", "1/4", "5/8")
    found = worst([results], "para")
    assert found is not None
    assert found.control == row.beside["para"]
    build_site(Source([results]), tmp_path)
    index, page = (tmp_path / "index.html").read_text(), (tmp_path / "split-novel_view.html").read_text()
    assert ">50<small>(25)</small>" in index
    assert "2/4 (50.0 [15.0, 85.0] %), control in the same scenes 1/4 (25.0 [" in index
    assert "gap -25.0 [" in page  # the same difference
    assert index.index("What was found") < index.index("Success against look at") < index.index("Success under every shift")
    for text in (index, page):
        assert "<title>para, look at [cm], 0: 1/4  25.0 [" in text  # the curve starts there too
        assert "5/8" not in text[text.index("Success against look at") :].split("</svg>")[0]


def test_a_shift_in_scenes_that_the_control_does_not_have_has_none_beside_it(record) -> None:
    level = ("roll", "15")
    made = [record("para", CONTROL, i) for i in range(2)] + [record("para", level, i) for i in range(2, 4)]
    results = split_episodes("x", "", Expected({"para": (0,)}, {CONTROL: (0, 1), level: (2, 3)}), made)
    (row,) = heat_rows([results])
    assert row.beside == {}
    found = worst([results], "para")
    assert found is not None
    assert found.control is None


def test_a_level_with_missing_episodes_is_not_the_worst(record) -> None:
    results = one_factor(record, Factor("shift", "curve", pooled=False), {"10": 5, "20": 7, "missing": 0}, asked=11)
    assert [name for _, name in shown_levels(results)] == ["shift 10 (lowest of 2)"]
    found = worst([results], "para")
    assert found is not None
    assert (found.name, found.of) == ("shift 10", 2)


def test_the_worst_shift_may_lie_within_a_pooled_row(record) -> None:
    results = one_factor(record, Factor("shift", "curve"), {"5": 10, "45": 1})
    assert [name for _, name in shown_levels(results)] == ["shift, 2 levels pooled"]
    found = worst([results], "para")
    assert found is not None
    assert (found.name, found.rate.count) == ("shift 45", "1/10")


def test_levels_that_are_no_doses_of_one_thing_are_all_shown(record) -> None:
    results = one_factor(record, Factor("shift", pooled=False), {"before": 1, "5": 6, "0": 10})
    assert [name for _, name in shown_levels(results)] == ["shift 0", "shift 5", "shift before"]


def test_every_cell_leads_to_its_numbers_on_the_page_of_the_split(results: SplitEpisodes, tmp_path: Path) -> None:
    build_site(Source([results]), tmp_path / "site")
    first = (tmp_path / "site/index.html").read_text()
    cells = re.findall(r'href="split-calibration.html#([^"]+)" data-head.*?title="[^:]+: (\d+/\d+) ', first)
    page = (tmp_path / "site/split-calibration.html").read_text()
    assert len(cells) == 6
    for name, count in cells:  # pooled levels have a row there too
        (shown,) = re.findall(rf'<td id="{name}">.*?class="count">([^<]+)<', page)
        assert shown == count


def test_a_split_without_a_shift_shows_its_control(record: Callable[..., EpisodeRecord]) -> None:
    only = split_episodes("id", "", Expected({"para": (0,)}, {CONTROL: (0,)}), [record("para", CONTROL, 0, split="id")])
    (row,) = heat_rows([only])
    assert (row.name, row.is_control) == ("no shift (control)", True)


def test_findings_hold_the_numbers_of_the_records(results: SplitEpisodes) -> None:
    learned = ["para", "global_token"]
    judged = {"calibration": verdicts(results, learned)}
    said = [finding.text for finding in findings(heat_rows([results]), learned, judged)]
    assert said[0].startswith("Without a shift, para succeeds in 20 of 20 (100 [")
    assert "the best of 1 other head is global_token, 1 of 20 (5.0 [" in said[0]
    assert said[2].startswith("para does worst under calibration rotation 5 deg of split calibration: 1 of 20 (5.0 [")
    assert "the lowest of 6 rates under a shift; its control in the same scenes: 20 of 20" in said[2]
    assert said[3].startswith(
        "Half of the control's success is lost at a view angle of: para 2"
    )  # 20, 18, 4 of 20 at 0, 10, 30 deg: half at 21.4
    assert "each training" not in said[3]  # one a head
    assert "global_token" not in said[3]  # 5 % have no half
    table = judged["calibration"]
    assert table is not None
    better = sum(row.kind == "better" for row in table.rows)
    assert said[1].endswith(
        f"in families declared by no suite: para is better than another head in {better} of {len(table.rows)} comparisons."
    )
    assert said[4].endswith("global_token.")
    assert said[4].startswith("At the floor, below 10 %")


def test_a_half_of_several_trainings_says_whose_control_it_is_of(record) -> None:
    """Trainings with controls of 20 and 6 of 20 that both lose half at 20 deg: a wide interval of the control, a narrow one of the half."""
    levels = ("10", "30")
    conditions = [CONTROL, *(("view_angle", level) for level in levels)]
    wins = {(0, "0"): 20, (0, "10"): 20, (0, "30"): 0, (1, "0"): 6, (1, "10"): 6, (1, "30"): 0}
    made = [
        record("para", key, i, i < wins[seed, key[1]], train_seed=seed, demo_seed=seed, suite_version="2")
        for seed in (0, 1)
        for key in conditions
        for i in range(N)
    ]
    said = Description("novel_view", factors=(Factor("view_angle", "curve", unit="deg"),))
    several = split_episodes("novel_view", "", Expected({"para": (0, 1)}, {key: tuple(range(N)) for key in conditions}, said), made)
    (half,) = [found.text for found in findings(heat_rows([several]), ["para"], {}) if found.text.startswith("Half")]
    assert half.startswith("Half of the control's success is lost at a view angle of: para 20.0 deg [")
    assert half.endswith(
        "(95 % intervals; each training is measured against its own control, so an interval may be narrow where that of "
        "the control is wide)."
    )


def test_findings_are_left_out_where_episodes_are_missing(results: SplitEpisodes) -> None:
    kept = {key: found for key, found in results.episodes.items() if key != ("para", CONTROL)}
    holed = SplitEpisodes(results.name, results.about, results.expected, kept)
    said = [finding.text for finding in findings(heat_rows([holed]), ["para", "global_token"], {"calibration": None})]
    assert not [text for text in said if text.startswith(("Without a shift", "Half"))]
    assert findings([], [], {}) == []


def test_the_first_page_shows_shifts_pictures_and_what_was_not_run(results: SplitEpisodes, record, tmp_path: Path) -> None:
    other = split_episodes("id", "", Expected({"para": (0,)}, {CONTROL: (0,)}), [record("para", CONTROL, 0, split="id")])
    drawn = {"calibration": [Picture("no shift <b>", b"png")]}
    out = tmp_path / "site"
    build_site(Source([results, other], pictures=drawn), out)
    text = (out / "index.html").read_text()
    assert 'title="para, calibration, calibration rotation 5 deg (lowest of 2): 1/20 (5.0 [' in text
    assert ">5<small>(100)</small>" in text
    assert text.count('title="not run"') == 1  # global_token in split id
    assert (out / "pictures/scenes-calibration-0.png").read_bytes() == b"png"
    assert 'alt="A scene: no shift &lt;b&gt;"' in text
    build_site(Source([results]), out)
    assert not list(out.glob("pictures/*"))  # of the earlier site


def test_marks_are_those_of_the_figures_and_tell_heads_apart() -> None:
    shown = marks(["para", "diffusion", "global_token", "new"], ["oracle", "noop", "random", "threshold"])
    assert shown["para"].colour == "blue"
    assert len(set(shown.values())) == len(shown)
    assert shown["diffusion"][0] != shown["para"][0]


def test_conditions_are_told_in_words() -> None:
    assert of_condition(SAID, CONTROL) == "no shift (control)"
    assert of_condition(SAID, ("moved_together", "right")) == "moved together right"
    aimed = Factor("look_at", "curve", unit="cm", level_words={"6": "aimed 6 cm off"})  # as in figures
    words = [of_condition(Description("x", factors=(aimed,)), ("look_at", level)) for level in ("3", "6")]
    assert words == ["look at 3 cm", "aimed 6 cm off"]
    assert of_condition(Description("x", factors=(Factor("view_grid", "map"),)), ("view_grid", "a0e7")) == "view grid, cell a0e7"
    assert of_levels(SAID, [("view_angle", "10"), ("view_angle", "30")]) == "view angle, 2 levels pooled"
