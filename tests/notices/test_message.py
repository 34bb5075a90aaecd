"""What leaves the house, in both languages: case numbers and what happened, and nothing personal."""

import re
from typing import Any

import pytest
from flask import Flask

from app.notices.labels import SENTENCE
from app.notices.message import OUTGOING, Item, Message, Told, Unrenderable, compose, in_words
from tests.factories.cases import MORNING
from tests.factories.notices import NUMBER

OTHER = "440799001-P2020-000007"
PARAMS: dict[str, Any] = {
    "number": NUMBER,
    "from": "东湖社区",
    "holder": "西湖社区",
    "day": "2020-06-01",
    "last_day": "2020-06-30",
    "count": 3,
}


@pytest.fixture(autouse=True)
def words(app: Flask) -> Any:
    """Words need an application, as a tick has one."""
    with app.app_context():
        yield


def told(key: int = 1, kind: str = "escalated", urgent: bool = False, **params: Any) -> Told:
    said = {name: value for name, value in {**PARAMS, **params}.items() if value is not None}
    return Told(key, key, True, kind, said, urgent, MORNING)


def message(language: str, *notices: Told) -> Message:
    return compose([in_words(each, language) for each in notices], language)


def test_a_digest_in_chinese_lists_every_case_with_what_happened() -> None:
    made = message("zh", told(1), told(2, "given", number=OTHER, **{"from": "甲街道"}), told(3, "warning"))
    assert made.subject == "定纷提醒：2件案件有新情况"
    assert made.text() == (
        "定纷提醒：2件案件有新情况\n\n"
        f"{NUMBER}\n"
        "  2020-06-01 09:00  东湖社区办理时限已过，此案已上报，现由您单位办理。\n"
        "  2020-06-01 09:00  东湖社区的办理时限即将届满。\n"
        f"{OTHER}\n"
        "  2020-06-01 09:00  甲街道将此案交给您单位办理。\n\n"
        "详情请登录定纷系统查看。本消息由系统自动发出，请勿回复。"
    )


def test_a_digest_in_english_lists_the_same() -> None:
    made = message("en", told(1, **{"from": "East Lake"}), told(2, "new_case", number=OTHER, holder="A1"))
    assert made.text() == (
        "From Dingfen: news of 2 cases\n\n"
        f"{NUMBER}\n"
        "  2020-06-01 09:00  The limit of East Lake has passed; the case is yours now.\n"
        f"{OTHER}\n"
        "  2020-06-01 09:00  A new case has come to A1.\n\n"
        "Log in to Dingfen for the rest. Dingfen wrote this by itself; nobody reads replies."
    )


@pytest.mark.parametrize(
    ("language", "subject"),
    [("zh", "【紧急】定纷提醒：1件案件有新情况"), ("en", "Urgent, from Dingfen: news of 1 case")],
)
def test_an_urgent_message_says_so_first(language: str, subject: str) -> None:
    made = message(language, told(1), told(2, urgent=True))
    assert (made.subject, made.urgent) == (subject, True)


@pytest.mark.parametrize("kind", SENTENCE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_notice_has_words_without_anything_personal(kind: str, language: str) -> None:
    secrets = {"name": "张三丰", "phone": "13800138000", "title": "围墙外的路灯", "reason": "因为"}
    text = message(language, told(kind=kind, **secrets)).text()
    assert not [each for each in secrets.values() if each in text]


def test_a_number_that_slipped_into_the_name_of_a_unit_is_masked() -> None:
    assert "13800138000" not in message("zh", told(**{"from": "东湖13800138000"})).text()


def test_a_notice_of_a_case_that_does_not_name_it_cannot_be_put_into_words() -> None:
    with pytest.raises(Unrenderable):
        in_words(told(number=None), "zh")
    without_case = Told(1, 1, False, "escalated", {"from": "甲街道"}, False, MORNING)
    assert in_words(without_case, "en").number == ""


def test_only_numbers_days_and_names_of_units_leave_the_house_and_every_sentence_does_with_them() -> None:
    assert set(OUTGOING) == {"number", "from", "to", "holder", "day", "last_day", "count"}
    wanted = {kind: set(re.findall(r"%\((\w+)\)", str(SENTENCE[kind]))) for kind in SENTENCE}
    assert {kind: names for kind, names in wanted.items() if not names <= set(OUTGOING)} == {}


def test_the_same_notices_have_the_same_key_and_others_another() -> None:
    assert message("zh", told(1), told(2)).key == message("en", told(1), told(2)).key
    assert message("zh", told(1), told(2)).key != message("zh", told(1)).key


def test_a_text_that_is_too_long_says_how_much_is_left_out() -> None:
    items = [Item(key, f"440799001-H2020-{key:06d}", "given", "新情况", False, MORNING) for key in range(300)]
    made = compose(items, "zh")

    cut = made.text(2048)

    assert len(cut.encode()) <= 2048
    shown = [item.number for item in items if item.number in cut]
    assert shown == [item.number for item in items[: len(shown)]]
    assert f"另有{300 - len(shown)}条" in cut
    assert cut.count("新情况") == len(shown) + 1
    whole = made.text()
    assert "另有" not in whole
    assert len(made.text(len(whole.encode()))) == len(whole)
