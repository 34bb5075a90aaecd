"""The boundaries of the demonstration street drawn in a real browser: cut along a lane, checked, tried."""

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
