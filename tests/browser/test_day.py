"""A day's work in a real browser, on the demonstration street."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.demo.layout import lay_out
from app.demo.street import Grid

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("year")]

PHONE = {"width": 390, "height": 844}
PAGES = (
    "/",
    "/cases",
    "/cases/new",
    "/imports",
    "/units",
    "/calendar?year=2020",
    "/inbox",
    "/receptions",
    "/receptions?show=past",
    "/receptions/new",
    "/screenings",
    "/screenings/new",
)


def an_address() -> tuple[str, Grid]:
    """A house number of the first grid, as somebody would write it."""
    street = lay_out()
    grid = next(street.grids())
    for lane in street.lanes:
        for segment in lane.segments:
            for number in segment.numbers():
                if segment.grid_of(number) == grid.code:
                    return f"{lane.name}{number}号", grid
    raise AssertionError("the first grid has no house")


def rate(page: Page) -> str:
    """The settlement rate of this year's matters as the leader sees it."""
    page.goto("/")
    return page.locator(".is-rate b").inner_text()


def test_a_dispute_is_registered_routed_mediated_and_settled_and_the_rate_moves(
    visit: Callable[..., Page],
) -> None:
    address, grid = an_address()
    worker = visit(f"grid{grid.code[9:]}", **PHONE)
    worker.goto("/cases/new")
    worker.locator("label.kind", has_text="矛盾纠纷").click()
    worker.fill("[name=body]", "楼上空调滴水，两家为此争吵，请求调解。")
    worker.fill("[name=address]", address)
    expect(worker.locator("#place")).to_contain_text(grid.name)
    worker.fill("[name=name]", "测试甲")
    worker.locator("form.intake [type=submit]").click()
    expect(worker.locator("main")).to_contain_text(grid.name)
    expect(worker.locator("main")).to_contain_text(address)

    leader = visit("leader")
    before = rate(leader)

    worker.locator("summary", has_text="研判").click()
    worker.locator("[action$='/assess'] [type=submit]").click()
    worker.locator("summary", has_text="启动调解").click()
    opening = worker.locator("form[action$='/mediation/open']")
    opening.locator("[name=started_by]").select_option(index=0)
    for side, name in (("applicant", "测试甲"), ("respondent", "测试乙")):
        opening.locator(f"[name={side}_name]").fill(name)
        opening.locator(f"[name={side}_consented]").check()
    opening.locator("[type=submit]").click()
    worker.locator("summary", has_text="调解协议").click()
    terms = worker.locator("form[action$='/mediation/agreement']")
    terms.locator("[name=form]").select_option("written")
    terms.locator("[name=content]").fill("乙方三日内接好冷凝水管。")
    terms.locator("[type=submit]").click()
    expect(worker.locator("main")).to_contain_text("达成协议")

    assert before != rate(leader)
    assert rate(leader) == "100.00 %"


def test_every_figure_of_the_year_opens_its_rows(visit: Callable[..., Page]) -> None:
    leader = visit("leader")
    leader.goto("/?from=2020-01-01&to=2021-01-01&as_of=2021-01-01")
    numbers = leader.locator(".dash-number b").all_inner_texts()
    assert numbers == ["7,752", "7,376", "376", "95.15 %"]
    leader.locator(".dash-number.is-pending").click()
    expect(leader.locator("main")).to_contain_text(re.compile(r"共\s*376\s*件"))


def test_a_grid_worker_finds_no_case_of_another_grid(visit: Callable[..., Page]) -> None:
    lead = visit("community102")
    lead.goto("/cases?standing=all")
    number = lead.locator("a[href*='/cases/4407']").first.get_attribute("href")
    worker = visit("grid101001", **PHONE)
    answer = worker.goto(str(number))
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_no_page_is_wider_than_its_window(visit: Callable[..., Page], size: dict[str, int]) -> None:
    leader = visit("leader", **size)
    for path in PAGES:
        leader.goto(path)
        assert leader.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_worker_answers_a_screening_with_two_taps_from_the_inbox(visit: Callable[..., Page]) -> None:
    worker = visit("grid126001", **PHONE)
    worker.goto("/inbox")
    worker.locator("main a[href^='/screenings/']").first.click()
    worker.locator("form[action$='/nothing'] [type=submit]").click()
    expect(worker.locator("main")).to_contain_text("没有发现")
    expect(worker.locator("form[action$='/nothing']")).to_have_count(0)


def test_the_map_of_a_round_is_shaded_by_its_answers(visit: Callable[..., Page]) -> None:
    leader = visit("leader")
    leader.goto("/screenings")
    leader.locator("main a.case-title").first.click()
    shapes = leader.locator(".map path.leaflet-interactive")
    expect(shapes.first).to_be_visible()
    colours = {shape.get_attribute("fill") for shape in shapes.all()}
    assert colours == {"#b9c2cd", "#4a9d70"}
    assert leader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_both_languages_are_spoken(visit: Callable[..., Page]) -> None:
    assert "Settlement rate" in visit("leader", locale="en-GB").locator("main").inner_text()
    assert "办结率" in visit("leader").locator("main").inner_text()


def test_the_load_said_where_to_look_and_how_the_year_went(year: Path) -> None:
    said = (year / "first-output.txt").read_text()
    assert "leader, clerk, mediator" in said
    line = "2020: received 7,752 (7,598 online and hotline, 154 other), settled 7,376, pending 376"
    assert f"{line}, settlement rate 95.15 %; excluded: diverted 60, void 40" in said
