"""A clerk brings real lists in through the page: every row of the file is accounted for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.grid.shared import shared
from tests.petitions.importing.files import csv_file, order

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("year")]

PATIENCE = 600_000
"""Milliseconds for a file of some thousands of rows, read on a busy machine."""


def hand_in(page: Page, file: Path) -> None:
    """Choose the file and hand it in."""
    page.goto("/imports")
    page.set_input_files("#file", str(file))
    page.click("form[enctype] [type=submit]")


def counts(page: Page) -> dict[str, int]:
    """The numbers above the verdicts."""
    said = page.locator("#progress .counts div").all_inner_texts()
    return {label: int(number) for label, number in (text.split() for text in said)}


def try_and_go(page: Page) -> dict[str, int]:
    """Wait for the trial, let it go, and wait for the end; the counts of both are the same."""
    expect(page.locator("#go")).to_be_visible(timeout=PATIENCE)
    tried = counts(page)
    page.click("#go form:first-child [type=submit]")
    expect(page.locator(".badges .light-green")).to_be_visible(timeout=PATIENCE)
    went = counts(page)
    assert went == tried
    return went


@shared("fuzhou-12345-river")
def test_a_known_list_is_tried_and_goes(folder: Path, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    hand_in(page, next(folder.glob("*1464*.csv")))

    went = try_and_go(page)

    assert went["行数"] == 1_464
    assert went["新建"] + went["变更"] + went["未变"] + went["拒收"] == 1_464
    assert went["新建"] == 1_464


@shared("labelled-messages")
def test_a_list_whose_columns_nobody_knew_is_explained_tried_and_goes(
    folder: Path, visit: Callable[..., Page]
) -> None:
    page = visit("clerk")
    hand_in(page, next(folder.glob("*.csv")))
    expect(page.locator("h1")).to_have_text("各列是什么意思？")
    page.check("#untimed")
    expect(page.locator("#columns")).to_contain_text("行不能")
    page.fill("#name", "网民留言")
    page.click("#columns [type=submit]")

    went = try_and_go(page)

    assert went["行数"] == 4_442
    assert went["新建"] + went["变更"] + went["未变"] + went["拒收"] == 4_442
    # Of most messages no number was published; such a row is refused, and can be taken out.
    assert went["拒收"] == 3_065
    with page.expect_download() as taken:
        page.click("text=下载未收的行以便修改")
    assert taken.value.suggested_filename.endswith(".csv")


def ask_to_undo(page: Page) -> None:
    """Ask that the import on the page be undone, with a reason."""
    page.click("summary:has-text('撤销整次导入')")
    page.fill("[name=reason]", "传错了文件")
    page.click("button:has-text('撤销导入')")
    expect(page.locator("#undoing")).to_contain_text("传错了文件")


def bring_in(page: Page, file: Path, name: str) -> str:
    """Bring in three new orders whose numbers begin with a name; the address of the import."""
    file.write_bytes(csv_file(order(f"{name}-{number}") for number in range(3)))
    hand_in(page, file)
    assert try_and_go(page)["新建"] == 3
    return page.url


def test_an_import_is_undone_while_the_page_follows(tmp_path: Path, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    bring_in(page, tmp_path / "orders.csv", "undone")
    ask_to_undo(page)
    expect(page.locator("#undoing")).to_contain_text("3件已恢复到导入之前的状态", timeout=PATIENCE)
    expect(page.locator(".badges")).to_contain_text("已撤销")


def test_an_undo_is_refused_with_the_case_that_somebody_has_gone_on_with(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    page = visit("clerk")
    run = bring_in(page, tmp_path / "orders.csv", "touched")
    link = page.locator(".row-order a").first
    number = link.inner_text()
    link.click()
    noting = page.locator("details", has=page.locator("form[action$='/note']")).last
    noting.locator("summary").first.click()
    noting.locator("form[action$='/note'] textarea").first.fill("已联系来电人")
    noting.locator("form[action$='/note'] [type=submit]").click()
    page.goto(run)
    ask_to_undo(page)
    told = page.locator("#undoing .alert-danger")
    expect(told).to_contain_text(number, timeout=PATIENCE)
    expect(page.locator("summary:has-text('撤销整次导入')")).to_be_visible()
