"""JSON in one form, whoever writes it and in whatever order."""

from datetime import UTC, datetime

import pytest

from app.core.canonical import canonical, json_text
from petitions.vocabulary import Verb


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": [1, None], "a": {"d": True, "c": "街道"}}, '{"a":{"c":"街道","d":true},"b":[1,null]}'),
        ([Verb.ESCALATE, 0.5, 22.600000000000001], '["escalate",0.5,22.6]'),
        (datetime(2020, 6, 1, 1, 0, 0, 5, UTC), '"2020-06-01T01:00:00.000005+00:00"'),
        (b"\x00\xff", r'"\\x00ff"'),
        ('a "quoted"\n\\ text', r'"a \"quoted\"\n\\ text"'),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    assert canonical(value) == text


def test_what_is_text_already_is_not_quoted_again() -> None:
    assert json_text(json_text({"b": 1, "a": 2})) == '{"a":2,"b":1}'


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({1, 2})


def test_an_interruption_while_a_form_is_asked_for_is_one() -> None:
    def interrupted(_value: object) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        canonical({"a": {1, 2}}, interrupted)
