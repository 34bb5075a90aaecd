"""The demonstration year, loaded and served once by the program itself, and a browser to look at it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.demo.people import PASSWORD
from tests.standalone.program import Program, run

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def year() -> Iterator[Path]:
    """A data directory with the demonstration year, as `dingfen standalone --demo --once` leaves it."""
    # pytest's own directories are closed to other users, and the database may have to run as one.
    data_dir = Path(tempfile.mkdtemp(prefix="dingfen-year-"))
    data_dir.chmod(0o755)
    done = run("standalone", "--demo", "--once", "--data-dir", str(data_dir))
    assert done.returncode == 0, done.stderr
    (data_dir / "first-output.txt").write_text(done.stdout)
    yield data_dir
    shutil.rmtree(data_dir)


@pytest.fixture(scope="session")
def served(year: Path) -> Iterator[Program]:
    """The same data directory with web, worker and beat running."""
    program = Program(year)
    program.start()
    yield program
    program.end_everything()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a screen."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, served: Program) -> Iterator[Callable[..., Page]]:
    """Log in as somebody on a desk or on a phone; a fault of a page's own script fails the test."""
    faults: list[str] = []
    contexts = []

    def enter(username: str, *, width: int = 1440, height: int = 900, locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{served.port}",
            viewport={"width": width, "height": height},
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []
