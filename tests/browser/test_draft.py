"""The boundaries of the demonstration street drawn in a real browser: cut along a lane, checked, tried."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("year")]


def begin(leader: Page, name: str) -> None:
    """A new draft, with its map drawn and its first check done."""
    leader.goto("/drafts")
    leader.fill("[name=name]", name)
    leader.click("form[action='/drafts'] [type=submit]")
    expect(leader.locator("#draft-verdict")).not_to_be_empty()


def choose_in_the_middle(leader: Page) -> str:
    """Click the middle of the map; returns the name of the grid that lies there."""
    box = leader.locator("#draft-map").bounding_box()
    assert box is not None
    leader.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(leader.locator("#draft-unit-name")).not_to_be_empty()
    return leader.locator("#draft-unit-name").inner_text()


def cut_along_a_lane(leader: Page) -> str:
    """Split the chosen grid along the first lane that crosses it; returns the lane's name."""
    leader.click("[data-tool=split]")
    lanes = leader.locator("#draft-lane option").all_inner_texts()[1:]
    for place, lane in enumerate(lanes, start=1):
        leader.select_option("#draft-lane", index=place)
        with leader.expect_response("**/edits") as answer:
            leader.click("#draft-form [type=submit]")
        if answer.value.ok:
            return lane
    raise AssertionError(f"none of {lanes} cuts the grid")


def test_a_grid_is_cut_along_a_lane_tried_on_past_cases_and_published(visit: Callable[..., Page]) -> None:
    leader = visit("leader")
    begin(leader, "沿街巷分割")
    whole = choose_in_the_middle(leader)
    cut_along_a_lane(leader)
    expect(leader.locator("#draft-edits")).to_contain_text(whole)
    expect(leader.locator("#draft-findings")).to_contain_text("无人任职")
    expect(leader.locator("#draft-publish")).to_be_enabled()

    leader.click("text=用以往事项试算")
    leader.fill("[name=first]", "2020-01-01")
    leader.fill("[name=end]", "2021-01-01")
    leader.locator("main form [type=submit]").click()
    expect(leader.locator("main")).to_contain_text(whole)
    expect(leader.locator(".trial-map path").first).to_be_attached()

    leader.go_back()
    leader.go_back()
    expect(leader.locator("#draft-publish")).to_be_enabled()
    leader.click("#draft-publishing summary")
    leader.click("#draft-publish")
    expect(leader.locator(".alert-success")).to_contain_text("新边界已生效")


def test_a_corner_that_is_dragged_moves_for_the_neighbours_too_and_a_slip_is_undone(
    visit: Callable[..., Page],
) -> None:
    leader = visit("leader")
    begin(leader, "移动边界")
    choose_in_the_middle(leader)
    leader.click("[data-tool=shift]")
    corner = leader.locator(".marker-icon:not(.marker-icon-middle)").nth(1)
    corner.hover()
    box = corner.bounding_box()
    assert box is not None
    leader.mouse.down()
    leader.mouse.move(box["x"] + 25, box["y"] + 20, steps=6)
    leader.mouse.up()
    with leader.expect_response("**/edits") as answer:
        leader.click("#draft-form [type=submit]")
    assert answer.value.ok, answer.value.text()
    # Two grids or more are named: an edge has two sides.
    expect(leader.locator("#draft-edits li")).to_contain_text("、")
    expect(leader.locator("#draft-verdict")).to_have_text("可以发布")

    leader.click("#draft-undo")
    expect(leader.locator("#draft-edits")).to_contain_text("尚无修改")
    leader.click("[data-tool=close]")
    leader.click("#draft-form [type=submit]")
    expect(leader.locator("#draft-verdict")).to_have_text("不可发布")
    expect(leader.locator("#draft-publish")).to_be_disabled()
