"""The browser of the tests that open pages: a Chromium of the machine, or the one that Playwright installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium(playwright: Any) -> Iterator[Any]:
    """Skips the test where there is none. `playwright` is the module playwright.sync_api."""
    installed = next((path for name in NAMES if (path := shutil.which(name))), None)
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=installed, args=["--no-sandbox"])  # containers run as root
        except playwright.Error as error:
            pytest.skip(f"no browser: {str(error).splitlines()[0]} (install chromium, or run: playwright install chromium)")
        yield browser
        browser.close()
