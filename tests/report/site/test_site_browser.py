"""The site as a visitor meets it: opened from disk in a real headless browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest
from browsers import chromium
from page_contrast import CONTRAST

from para_bench.records import EpisodeRecord
from para_bench.records.description import Description
from para_bench.records.factors import Factor
from para_bench.report.inventory import CONTROL
from para_bench.report.roster import Expected
from para_bench.report.site.build import Source, build_site
from para_bench.report.site.episodes import split_episodes
from para_bench.report.site.pictures import Picture
from para_bench.report.statistics.rates import bracket, wilson

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (the dev extra)")
pytestmark = pytest.mark.integration  # starting a browser takes seconds

HEADS = ("para", "global_token", "oracle")
REASONS = ("wrong_place", "not_lifted")
SCENES = 60  # more than one page of scenes
CONDITIONS = {CONTROL: range(SCENES), ("view_angle", "25"): range(SCENES)}
CELLS = {("view_grid", f"a{a}e{e}"): [2 * a + e] for a in (0, 1) for e in (0, 1)}
FILM_S = {"para": 30.0, "global_token": 20.0}
"""Lengths of the two videos: the shorter one has to wait at its end, and a busy machine has the time to press a button before."""
FILMS = "[...document.querySelectorAll('video')]"
PAGES = {
    "matrix": "index.html",
    "split": "split-novel_view.html",
    "condition": "condition.html#novel_view/view_angle/25",
    "scene": "scene.html#novel_view/view_angle/25/0",
    "episode": "episode.html#novel_view/view_angle/25/0/para/0",
    "episodes": "episodes.html",
    "compare": "compare.html#novel_view/view_angle/25/para/global_token",
    "fairness": "fairness.html",
}


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium(playwright) as found:
        yield found


@pytest.fixture
def found(record: Callable[..., EpisodeRecord]) -> list[EpisodeRecord]:
    def one(head: str, condition: tuple[str, str], scene: int) -> EpisodeRecord:
        success = head == "oracle" or (scene * 7 + len(head)) % 3 == 0
        where = {"object_x_m": 0.12 + 0.002 * scene, "object_y_m": 0.1 - 0.003 * scene}
        fields = {"reason": "success" if success else REASONS[scene % 2], "extra": {"path_m": 0.25, **where}, "steps": 24 + scene}
        return record(head, condition, scene, success, **fields, **({"checkpoint_hash": "", "demos": 0} if head == "oracle" else {}))

    return [one(head, condition, scene) for head in HEADS for condition, scenes in (CONDITIONS | CELLS).items() for scene in scenes]


@pytest.fixture
def site(found: list[EpisodeRecord], tmp_path: Path) -> str:
    """Address of a site with two videos of scene 0 under view_angle 25."""
    for head, seconds in FILM_S.items():
        (digest,) = {r.checkpoint_hash for r in found if r.head == head}
        path = tmp_path / "videos" / f"{head}-view_angle-25-{digest[:8]}.mp4"
        path.parent.mkdir(exist_ok=True)
        imageio.mimwrite(path, [np.full((64, 64, 3), 2 * i, np.uint8) for i in range(int(4 * seconds))], fps=4, macro_block_size=2)
    said = Description("novel_view", factors=(Factor("view_angle", "curve", unit="deg"), Factor("view_grid", "map")))
    expected = Expected(dict.fromkeys(HEADS, (0,)), {key: tuple(scenes) for key, scenes in (CONDITIONS | CELLS).items()}, said)
    results = split_episodes("novel_view", "trained on one camera", expected, found)
    build_site(Source([results], folders={"novel_view": [tmp_path]}, sees={"para": "RGB + calibration"}), tmp_path / "site")
    return (tmp_path / "site").as_uri()


@pytest.fixture
def page(browser, tmp_path: Path) -> Iterator:
    """A tab whose console errors fail the test; its last view is kept as a picture."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.screenshot(path=tmp_path / "last_view.png", full_page=True)
    context.close()
    assert errors == []


def pick(found: list[EpisodeRecord], head: str, condition: tuple[str, str]) -> list[EpisodeRecord]:
    return [r for r in found if r.head == head and (r.condition, r.level) == condition]


def test_from_the_matrix_down_to_an_episode(page, site: str, found: list[EpisodeRecord], tmp_path: Path) -> None:
    page.goto(f"{site}/index.html")
    page.screenshot(path=tmp_path / "matrix.png")
    entry = page.locator("a[data-head=para][data-split=novel_view]").first
    words = []
    for condition in (("view_angle", "25"), CONTROL):
        k = sum(r.success_at_end for r in pick(found, "para", condition))
        words.append(f"{k}/{SCENES} ({bracket(k / SCENES, *wilson(k, SCENES))} %)")
    assert entry.get_attribute("title") == f"para, novel view, view angle 25 deg: {words[0]}, control in the same scenes {words[1]}"
    assert entry.inner_text().split() == [f"{100 * k / SCENES:.0f}", f"({100 * k / SCENES:.0f})"]
    entry.click()
    page.wait_for_url("**/split-novel_view.html#cell-1-para")
    marked = page.locator("td:target")
    assert marked.locator(".count").inner_text() == words[0].split()[0]
    assert marked.evaluate("(cell) => getComputedStyle(cell).boxShadow") != "none"
    playwright.expect(marked).to_be_in_viewport()
    playwright.expect(page.locator("table.conditions thead")).to_be_in_viewport()

    page.get_by_role("rowheader", name="view angle 25 deg").get_by_role("link").click()
    page.wait_for_url("**/condition.html#novel_view/view_angle/25")
    for head in HEADS:
        records = pick(found, head, ("view_angle", "25"))
        k = sum(r.success_at_end for r in records)
        row = page.locator("table.reasons tbody tr").filter(has=page.get_by_role("rowheader", name=head, exact=True)).inner_text()
        assert f"{k}/{SCENES}" in row
        assert bracket(k / SCENES, *wilson(k, SCENES)) in row
        for reason in REASONS:
            n = sum(r.reason == reason for r in records)
            assert n == 0 or re.search(rf"\b{n}\b", row)
    page.get_by_label("Order").select_option("number")
    marks = page.locator("table.scenes tbody tr").nth(2).locator(".outcome").all_inner_texts()
    assert marks == ["✓" if pick(found, head, ("view_angle", "25"))[2].success_at_end else "✗" for head in HEADS]

    page.locator("table.scenes").get_by_role("link", name="2", exact=True).click()
    page.wait_for_url("**/scene.html#novel_view/view_angle/25/2")
    for head in HEADS:
        record = pick(found, head, ("view_angle", "25"))[2]
        cells = page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=head, exact=True)).locator("td").all_inner_texts()
        assert cells[1].endswith("success" if record.success_at_end else "failure")
        assert cells[2:5] == [record.stage, record.reason.replace("_", " "), str(record.steps)]
    assert "para-bench replay RESULTS novel_view/view_angle/25/2/para/0 --beside global_token" in page.locator("main").inner_text()

    page.get_by_role("link", name="para", exact=True).click()
    page.wait_for_url("**/episode.html#novel_view/view_angle/25/2/para/0")
    record = pick(found, "para", ("view_angle", "25"))[2]
    facts = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    assert page.title().startswith("para, seed 0: ")
    assert "view angle 25 deg" in page.title()
    assert facts["reason"].split("\n")[0] == record.reason.replace("_", " ")
    assert facts["steps (waypoints)"] == str(record.steps)
    assert facts["checkpoint"] == record.checkpoint_hash
    assert facts["scene"] == record.scene_hash
    assert facts["path of the gripper"] == "25.0 cm"
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Results").click()
    page.wait_for_url("**/index.html")


def test_one_slider_moves_all_videos_and_nothing_loads_unasked(page, site: str) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/{PAGES['scene']}")
    load = page.get_by_role("button", name="Load 2 videos")
    load.wait_for()
    assert not [url for url in asked if url.endswith(".mp4")]
    load.click()
    page.wait_for_function(f"{FILMS}.length === 2 || document.querySelector('.films .error')")
    if page.locator(".films .error").count():
        pytest.skip("this browser was built without H.264")
    page.wait_for_function(f"{FILMS}.every((film) => film.readyState >= 2)")
    slider = page.get_by_role("slider")
    for time in (1.0, 25.5, 0.5):
        slider.fill(str(time))
        wanted = [min(time, seconds - 0.01) for seconds in FILM_S.values()]
        page.wait_for_function(f"{FILMS}.every((film, i) => Math.abs(film.currentTime - {wanted}[i]) < 0.06)")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(0.55)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelectorAll('video')[1].currentTime > 0.8")
    page.get_by_role("button", name="Pause").click()


def test_failures_and_videos_come_first(page, site: str, found: list[EpisodeRecord]) -> None:
    page.goto(f"{site}/{PAGES['condition']}")
    page.locator("table.scenes").wait_for()
    shown = [int(text) for text in page.locator("table.scenes tbody th").all_inner_texts()]
    lost = {r.scene_index for r in pick(found, "para", ("view_angle", "25")) if not r.success_at_end}
    assert shown[0] == 0  # it has videos
    rest = shown[1:]
    assert set(rest[: len(lost - {0})]) == lost - {0}
    page.goto(f"{site}/{PAGES['episodes']}")
    page.locator("tbody tr").first.wait_for()
    assert {text.split()[-1] for text in page.locator("tbody tr td:nth-child(3)").all_inner_texts()} == {"failure"}
    page.goto(f"{site}/{PAGES['episode']}")
    assert page.locator("h2").all_inner_texts() == ["Video", "What happened", "Run it again"]


def test_the_same_scene_elsewhere_is_linked_only_where_it_was_run(page, site: str) -> None:
    page.goto(f"{site}/scene.html#novel_view/view_angle/25/3")
    links = page.locator(".elsewhere")
    assert links.inner_text() == "The same scene under: no shift (control) · view grid, cell a1e1"  # the other cells hold scenes 0 to 2
    links.get_by_role("link", name="a1e1").click()
    page.get_by_role("heading", name="view grid, cell a1e1, scene 3").wait_for()
    page.goto("about:blank")
    page.goto(f"{site}/scene.html#novel_view/view_grid/a1e1/3")
    assert links.get_by_role("link").count() == 2


def test_the_skip_link_keeps_the_address(page, site: str) -> None:
    for address in (PAGES["scene"], f"{PAGES['split']}#verdicts"):
        page.goto("about:blank")
        page.goto(f"{site}/{address}")
        page.wait_for_selector("h1")
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        assert page.url == f"{site}/{address}"


def test_without_a_video_the_scene_is_shown(page, found: list[EpisodeRecord], tmp_path: Path) -> None:
    said = Description("novel_view", factors=(Factor("view_angle", "curve", unit="deg"),))
    expected = Expected(dict.fromkeys(HEADS, (0,)), {key: tuple(scenes) for key, scenes in CONDITIONS.items()}, said)
    results = split_episodes("novel_view", "", expected, found)
    png = imageio.imwrite("<bytes>", np.zeros((8, 8, 3), np.uint8), format="png")
    drawn = [Picture("no shift (control)", png, CONTROL, 0), Picture("view angle 25 deg", png, ("view_angle", "25"), 4)]
    kept = {r.checkpoint_hash for r in found if r.head == "para"}
    places = {"novel_view": "'my runs'"}
    build_site(Source([results], pictures={"novel_view": drawn}, places=places, checkpoints=kept), tmp_path / "still")
    site = (tmp_path / "still").as_uri()
    for head, says in (
        ("para", "A replay makes one; then"),
        ("global_token", "needs a checkpoint that these results do not hold"),
        ("oracle", "then"),
    ):
        page.goto("about:blank")
        page.goto(f"{site}/episode.html#novel_view/view_angle/25/7/{head}/0")
        page.get_by_text("No video.").wait_for()
        assert page.locator("h2").all_inner_texts() == ["The scene", "What happened", "Run it again"]
        assert page.locator(".scenery img").count() == 2
        assert page.locator(".scenery figcaption").all_inner_texts()[1] == "view angle 25 deg, scene 4"
        assert page.locator(".scenery a:has(.ring)").get_attribute("href") == f"episode.html#novel_view/view_angle/25/7/{head}/0"
        assert says in page.get_by_text("No video.").inner_text()
        assert page.get_by_text("para-bench replay").all_inner_texts() == [
            f"para-bench replay 'my runs' novel_view/view_angle/25/7/{head}/0"
        ]


def test_names_of_heads_stay_in_view(page, site: str) -> None:
    page.goto(f"{site}/{PAGES['episodes']}")
    box = page.locator(".scroll")
    box.locator("tbody tr").nth(90).scroll_into_view_if_needed()
    head, frame = (found.bounding_box() for found in (box.locator("thead th").nth(2), box))
    assert box.evaluate("(box) => box.scrollTop") > 0
    assert head is not None
    assert frame is not None
    assert 0 <= head["y"] - frame["y"] < 5


def test_the_reasons_of_a_table_are_explained(page, site: str) -> None:
    for name in ("condition", "scene", "episodes", "compare"):
        page.goto("about:blank")
        page.goto(f"{site}/{PAGES[name]}")
        page.get_by_text("What the reasons mean").click()
        (first, *_) = page.locator(".glossary li").all_inner_texts()
        assert first in (
            "wrong place: the jaw closed more than 15 mm beside the object",
            "not lifted: the object was grasped and not lifted",
        )


def test_two_heads_in_one_scene(page, site: str, found: list[EpisodeRecord]) -> None:
    page.goto(f"{site}/{PAGES['compare']}")
    first, second = ([r.success_at_end for r in pick(found, head, ("view_angle", "25"))] for head in ("para", "global_token"))
    both = sum(a and b for a, b in zip(first, second, strict=True))
    mine = sum(a and not b for a, b in zip(first, second, strict=True))
    said = page.locator("#counts").inner_text()
    assert f"both succeed in {both}, only para in {mine}, only global_token in {sum(second) - both}" in said
    assert page.get_by_role("link", name="Verdicts of novel view").get_attribute("href") == "split-novel_view.html#verdicts"
    page.get_by_role("link", name="scene 2", exact=True).click()
    page.wait_for_url("**/compare.html#novel_view/view_angle/25/para/global_token/2")
    cards = page.locator(".card h3").all_inner_texts()
    assert [card.split(",")[0] for card in cards] == ["para", "global_token"]
    assert ["success" in card for card in cards] == [first[2], second[2]]
    page.get_by_label("second head").focus()
    page.get_by_label("second head").select_option("oracle")
    page.wait_for_url("**/compare.html#novel_view/view_angle/25/para/oracle")
    playwright.expect(page.get_by_label("second head")).to_be_focused()
    page.goto(f"{site}/compare.html#novel_view/view_angle/25/para/nobody")
    assert "head nobody is not in split novel_view" in page.get_by_role("alert").inner_text()
    assert page.title() == "Not in these results · para-bench"
    assert page.get_by_role("link", name="All results").get_attribute("href") == "index.html"
    page.goto("about:blank")
    page.goto(f"{site}/compare.html")  # without an address: the first two heads of the first split
    page.get_by_role("heading", name="para and global_token").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_aa(browser, site: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for name, address in PAGES.items():
        page.goto("about:blank")
        page.goto(f"{site}/{address}")
        page.wait_for_selector("h1")
        assert page.evaluate(CONTRAST) == [], name
    page.add_style_tag(content="h1 { color: var(--line) }")  # the check finds what it is for
    assert page.evaluate(CONTRAST) != []
    context.close()


def test_nothing_comes_from_outside(page, site: str) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for address in PAGES.values():
        page.goto("about:blank")
        page.goto(f"{site}/{address}")
        page.wait_for_selector("h1")
    assert asked
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:"))]


def test_filters_count_what_the_records_hold(page, site: str, found: list[EpisodeRecord]) -> None:
    page.goto(f"{site}/{PAGES['episodes']}")
    status = page.get_by_role("status")

    def shows(records: list[EpisodeRecord]) -> None:
        won = sum(r.success_at_end for r in records)
        playwright.expect(status).to_have_text(f"{len(records)} episodes, {won} of them successes")
        assert page.locator("tbody tr").count() == min(len(records), 100)

    shows(found)
    page.get_by_label("head").focus()
    page.get_by_label("head").select_option("para")
    shows([r for r in found if r.head == "para"])
    playwright.expect(page.get_by_label("head")).to_be_focused()
    page.get_by_label("outcome").select_option("failure")
    shows([r for r in found if r.head == "para" and not r.success_at_end])
    page.get_by_label("reason").select_option("not_lifted")
    shows([r for r in found if r.head == "para" and r.reason == "not_lifted"])
    page.get_by_label("condition").select_option("view_angle")
    shows([r for r in found if r.head == "para" and r.reason == "not_lifted" and r.condition == "view_angle"])
    page.reload()  # the filters stand in the address
    shows([r for r in found if r.head == "para" and r.reason == "not_lifted" and r.condition == "view_angle"])
    page.get_by_role("link", name="open").first.click()
    page.wait_for_url("**/episode.html#novel_view/view_angle/25/*/para/0")


def test_maps_open_their_episodes_and_lists_turn_pages(page, site: str, found: list[EpisodeRecord]) -> None:
    page.goto(f"{site}/{PAGES['split']}")
    page.locator("table.map[aria-label='view_grid of global_token'] tr").nth(0).locator("a").nth(1).click()  # top right: a1e1
    page.wait_for_url("**/episode.html#novel_view/view_grid/a1e1/3/global_token/0")
    page.goto(f"{site}/{PAGES['condition']}")
    assert page.locator(".tabletop svg a").count() == SCENES
    assert page.locator(".tabletop .yes").count() == sum(r.success_at_end for r in pick(found, "para", ("view_angle", "25")))
    page.get_by_role("button", name="Next").click()
    assert page.locator("table.scenes tbody tr").count() == SCENES - 50
    page.get_by_label("only scenes in which outcomes differ").check()
    outcomes = [pick(found, head, ("view_angle", "25")) for head in HEADS]
    differ = sum(len({records[i].success_at_end for records in outcomes}) > 1 for i in range(SCENES))
    assert page.locator("table.scenes tbody tr").count() == min(differ, 50)


def test_without_positions_there_is_no_table_top_and_bad_addresses_say_so(page, record, tmp_path: Path) -> None:
    results = split_episodes("novel_view", "", Expected({"para": (0,)}, {CONTROL: 1}), [record("para", CONTROL, 0)])
    build_site(Source([results]), tmp_path / "plain")
    page.goto(f"{(tmp_path / 'plain').as_uri()}/condition.html#novel_view/id/0")
    page.get_by_role("heading", name="Scenes").wait_for()
    assert page.get_by_role("heading", name="Table top").count() == 0
    page.goto(f"{(tmp_path / 'plain').as_uri()}/scene.html#nowhere/id/0/0")
    assert "split nowhere is not in these results" in page.get_by_role("alert").inner_text()


def test_colours_follow_the_system_and_the_switch(browser, site: str) -> None:
    def ground(page) -> int:
        return int(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))

    for system in ("light", "dark"):
        context = browser.new_context(color_scheme=system)
        page = context.new_page()
        page.goto(f"{site}/index.html")
        assert (ground(page) > 128) == (system == "light")
        switch = page.get_by_role("button", name="Colours")
        switch.focus()
        page.keyboard.press("Enter")
        assert ground(page) > 128  # light
        page.keyboard.press("Enter")
        assert ground(page) < 128  # dark
        page.goto(f"{site}/fairness.html")
        assert ground(page) < 128  # and it stays
        context.close()


def test_every_page_fits_a_phone_and_a_keyboard(browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    for name, address in PAGES.items():
        page.goto(f"{site}/{address}")
        page.wait_for_selector("h1")
        page.screenshot(path=tmp_path / f"phone_{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} is wider than a phone"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "para-bench"
        page.goto("about:blank")  # two addresses that differ after # only would be one page
    page.goto(f"{site}/{PAGES['compare']}/2")
    page.locator(".card h3 a").first.evaluate("(link) => link.append('_that_has_a_long_name_as_plug_ins_do')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{site}/{PAGES['split']}")
    card = page.locator(".verdicts tbody tr").first
    assert card.locator("td").first.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"condition "'
    assert card.evaluate("(row) => row.scrollWidth <= row.clientWidth && row.clientWidth <= 390")  # its verdict is in view
    page.locator("table.conditions td a").nth(5).focus()
    for _ in range(2):  # a link that is focused is not under the first column
        page.keyboard.press("Shift+Tab")
        left, right = page.locator("table.conditions a:focus").evaluate(
            "(link) => [link.getBoundingClientRect().left, link.closest('tr').cells[0].getBoundingClientRect().right]"
        )
        assert left > right
    column = page.locator("table.conditions tbody th").first.bounding_box()
    assert column is not None
    assert column["width"] < 200  # a head's numbers fit beside it
    page.goto(f"{site}/index.html")
    page.locator("a[data-head=para]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/split-novel_view.html#cell-1-para")
    context.close()
