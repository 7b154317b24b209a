"""The site of the pages as a reader meets it, on a screen and on a phone: `make docs`, in a real headless browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import chromium
from page_contrast import CONTRAST

ROOT = Path(__file__).resolve().parents[1]
pytest.importorskip("mkdocs", reason="needs mkdocs (make docs installs it)")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (the dev extra)")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="scripts/docs_pages.sh asks git for the files"),
]

PAGES = ("index.html", "docs/CONCEPTS/index.html", "docs/COMMANDS/index.html", "docs/API/index.html", "results/factorial/index.html")
SCREEN, PHONE = 1280, 390
CUT = (
    "selector => [...document.querySelectorAll(selector)].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60))"
)
BROKEN = "[...document.querySelectorAll('td > code, th > code')].filter(e => e.getClientRects().length > 1).map(e => e.innerText)"
COLUMNS = "[...document.querySelectorAll('tr:has(img)')].map(row => new Set([...row.querySelectorAll('img')].map(e => e.offsetLeft)).size)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("docs")
    subprocess.run(["bash", ROOT / "scripts/docs_pages.sh", work / "pages"], check=True)
    (work / "mkdocs.yml").write_text(f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: pages\nsite_dir: site\nuse_directory_urls: true\n")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "-f", work / "mkdocs.yml"], check=True)
    return work / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with chromium(playwright) as found:
        yield found


@pytest.fixture
def open_page(browser, site: Path) -> Iterator:
    def opened(address: str, width: int, scheme: str = "light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.goto(f"file://{site}/{address}")
        page.wait_for_selector("h1")
        return page

    pages: list = []
    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize("address", PAGES)
def test_on_a_screen_nothing_is_cut_and_no_name_is_broken(open_page, address: str) -> None:
    page = open_page(address, SCREEN)
    assert page.evaluate(CUT, "pre > code") == []
    assert page.evaluate(CUT, ".md-typeset__scrollwrap") == []
    assert page.evaluate(BROKEN) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_a_phone(open_page, address: str) -> None:
    page = open_page(address, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert page.evaluate(BROKEN) == []
    assert {shown for shown in page.evaluate(COLUMNS) if shown} <= {1, 2}


@pytest.mark.parametrize("address", ["index.html", "results/factorial/index.html", "results/camera_diversity/index.html"])
def test_the_words_of_a_figure_are_large_enough_on_a_phone(open_page, address: str) -> None:
    """7.5 points at 200 dots an inch (para_bench/report/figures/style.py) are 21 px of the file."""
    page = open_page(address, PHONE)
    shares = page.evaluate("[...document.querySelectorAll('img[src$=\".png\"]')].map(e => e.offsetWidth / e.naturalWidth)")
    assert shares
    assert min(shares) * 21 >= 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [SCREEN, PHONE])
def test_text_has_the_contrast_of_aa(open_page, scheme: str, width: int) -> None:
    for address in ("index.html", "docs/API/index.html"):
        low = open_page(address, width, scheme).evaluate(CONTRAST)
        assert [text for text in low if "¶" not in text] == []  # the sign of a link to a heading shows under the pointer
