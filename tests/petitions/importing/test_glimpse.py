"""What is shown of the first rows before every question is answered, and what of it is marked as open."""

from flask_babel import force_locale

from petitions.importing.glimpse import glimpse
from petitions.importing.picking import Picks
from tests.petitions.importing.test_picking import ROW, seen


def told(sight, picks):
    with force_locale("en"):
        return [
            [(str(each.meaning), each.text, each.is_open) for each in row] for row in glimpse(sight, picks)
        ]


def test_nothing_is_shown_before_anything_is_chosen():
    assert glimpse(seen(), Picks("d")) == []


def test_a_column_is_shown_as_soon_as_it_is_chosen():
    assert told(seen(), Picks("d", roles={3: "title"})) == [[("title", "路灯不亮", False)]]


def test_a_date_of_two_readings_and_a_word_nobody_explained_are_open_until_they_are_said():
    sight, roles = seen(), {1: "channel", 2: "received_at"}
    assert told(sight, Picks("d", roles=roles)) == [
        [("moment of receipt", "11/2/2020 9:03", True), ("channel", "市长信箱", True)]
    ]
    said = Picks("d", roles=roles, order="day", words={"channel": {"市长信箱": "web"}})
    ((received, channel),) = told(sight, said)
    assert received == ("moment of receipt", "2020-02-11 09:03", False)
    assert (channel[1] != "市长信箱", channel[2]) == (True, False)


def test_a_word_that_means_none_is_blank_and_a_blank_cell_is_not_open():
    sight = seen(ROW, ("HX-2", "", "", "标题", "文字", ""))
    picks = Picks("d", roles={0: "number", 1: "channel", 2: "received_at"}, order="day")
    rows = told(sight, Picks("d", roles=picks.roles, order="day", words={"channel": {"市长信箱": ""}}))
    assert [row[2] for row in rows] == [("channel", "", False), ("channel", "", False)]
    assert rows[1][1] == ("moment of receipt", "", False)


def test_an_address_is_joined_and_two_columns_for_one_meaning_are_a_question():
    sight = seen()
    assert told(sight, Picks("d", roles={3: "address", 5: "address"})) == [
        [("address", "路灯不亮迎春路3号", False)]
    ]
    assert told(sight, Picks("d", roles={3: "title", 4: "title"})) == [
        [("title", "路灯不亮 / 三天不亮。", True)]
    ]


def test_three_rows_that_hold_something_are_shown_and_none_above_the_headings():
    rows = [("", "", "", "", "备注", ""), *[(f"HX-{at}", *ROW[1:]) for at in range(5)]]
    assert [row[0][1] for row in told(seen(*rows), Picks("d", roles={0: "number"}))] == [
        "HX-0",
        "HX-1",
        "HX-2",
    ]
