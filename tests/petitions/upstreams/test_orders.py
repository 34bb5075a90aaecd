"""Orders as JSON: every number whole, every fault named, and what comes of them."""

import csv
import io
import json

import pytest

from app.core.errors import Invalid
from petitions.importing.profile import get_profile
from petitions.upstreams.orders import LONGEST_VALUE, MOST_FIELDS, as_table


def rows(body, profile=None):
    return list(csv.reader(io.StringIO(as_table(body, profile)[1].decode())))


def test_headings_and_roles_become_columns_and_what_is_absent_is_blank():
    body = json.dumps([{"number": "1", "主要内容": "甲"}, {"number": 2}]).encode()
    assert rows(body, get_profile("wide")) == [["工单编号", "主要内容"], ["1", "甲"], ["2", ""]]
    assert rows(body)[0] == ["number", "主要内容"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("4407200601090312001", "4407200601090312001"),
        ("113.07123456789", "113.07123456789"),
        ("null", ""),
    ],
)
def test_a_number_stays_the_text_that_was_sent(said, kept):
    assert rows(b'[{"a": %b, "b": "x"}]' % said.encode())[1] == [kept, "x"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'"text"',
        b"[1]",
        b"[{}]",
        b'[{"a": [1]}]',
        b'[{"a": {"b": 1}}]',
        b'[{"a": true}]',
        b"[" * 100_000,
        b'[{"a": "%s"}]' % (b"x" * (LONGEST_VALUE + 1)),
        b'[{"a": "%s"}]' % (b"x" * 10_000_000),
        json.dumps([{f"f{number}": 1 for number in range(MOST_FIELDS + 1)}]).encode(),
    ],
    ids=range(15),
)
def test_what_is_no_list_of_orders_is_refused(body):
    with pytest.raises(Invalid):
        as_table(body, None)


def test_a_fault_names_its_order_and_field_and_no_value():
    with pytest.raises(Invalid) as refused:
        as_table('[{"a": "1"}, {"电话": ["10000000001"]}]'.encode(), None)
    assert "2" in refused.value.message
    assert "电话" in refused.value.message
    assert "10000000001" not in refused.value.message


@pytest.mark.parametrize(
    ("said", "name"),
    [({"file": " 早班.csv "}, "早班.csv"), ({"file": "a\0b.csv"}, "ab.csv"), ({"file": None}, ""), ({}, "")],
)
def test_an_object_may_say_what_the_file_is_called(said, name):
    assert as_table(json.dumps({"orders": [{"a": "1"}], **said}).encode(), None)[0] == name
    assert as_table(b'[{"file": "x.csv"}]', None)[0] == ""


@pytest.mark.parametrize("name", [True, ["a.csv"], {}])
def test_a_name_that_is_no_text_is_refused(name):
    with pytest.raises(Invalid):
        as_table(json.dumps({"orders": [{"a": "1"}], "file": name}).encode(), None)
