"""A masked value hides what is known here; it never replaces it."""

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from petitions.importing.masks import bare_phone, contradicts, hides, may_replace
from petitions.models import CaseEvent, Party
from tests.petitions.importing.files import bring_in, counts, csv_file, order

NAME = "name"
TEXT = "text"


@pytest.mark.parametrize(
    ("kept", "given_now", "of", "replaces"),
    [
        ("13800001234", "138****1234", NAME, False),
        ("13800001234", "139****1234", NAME, False),
        ("李四", "李*", NAME, False),
        ("138****1234", "13800001234", NAME, True),
        ("138****1234", "138****1234", NAME, False),
        ("138****1234", "139****1234", NAME, True),
        ("1380***1234", "138****1234", NAME, False),
        (None, "138****1234", NAME, True),
        ("李四", None, NAME, False),
        ("李四", "王五", NAME, True),
        ("请打13800001234联系", "请打138****1234联系", TEXT, False),
        ("请打13800001234联系", "请打***联系", TEXT, False),
        ("长5*8米", "长6*8米", TEXT, True),
        ("一楼漏水", "二楼漏水", TEXT, True),
        ("一楼漏水", "", TEXT, False),
    ],
)
def test_what_may_replace_what(kept, given_now, of, replaces):
    assert may_replace(kept, given_now, name=of == NAME) is replaces


@pytest.mark.parametrize(
    ("masked", "clear", "hidden"),
    [
        ("a**c", "abc", True),
        ("a**", "abc", True),
        ("**", "abc", True),
        ("a**b**c", "a1b2c", True),
        ("a**b**c", "a1c", False),
        ("ab**bc", "abc", False),
        ("abc", "abc", True),
        ("abc", "abd", False),
    ],
)
def test_what_a_mask_may_hide(masked, clear, hidden):
    assert hides(masked, clear) is hidden


@given(st.text("ab", max_size=8), st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_hiding_any_part_of_a_text_is_seen_through(before, hidden, after):
    assert hides(f"{before}****{after}", before + hidden + after)


@pytest.mark.parametrize(
    ("masked", "clear", "of", "otherwise"),
    [
        ("138****5678", "13900001234", NAME, True),
        ("139****5678", "13900001234", NAME, True),
        ("139****1234", "13900001234", NAME, False),
        ("1390000123*", "13900001234", NAME, False),
        ("1390000124*", "13900001234", NAME, True),
        ("***", "13900001234", NAME, False),
        ("张**", "李四", NAME, True),
        ("李**", "李四", NAME, False),
        ("*四", "李四", NAME, False),
        ("*五", "李四", NAME, True),
        ("王五", "李四", NAME, False),
        ("请打138****1234联系", "请打13800001234联系", TEXT, False),
        ("请打138****1234联系", "不用联系", TEXT, True),
        ("长6*8米", "长5*8米", TEXT, False),
    ],
)
def test_what_a_mask_leaves_to_be_seen_may_contradict(masked, clear, of, otherwise):
    assert contradicts(masked, clear, name=of == NAME) is otherwise


@pytest.mark.parametrize(
    "written",
    ["13900001234", "139 0000 1234", "139-0000-1234", "+86 13900001234", "８６１３９００００１２３４"],
)
@pytest.mark.parametrize(
    ("masked", "otherwise"), [("139****1234", False), ("+86 139＊＊＊＊1234", False), ("139****1235", True)]
)
def test_how_a_telephone_is_written_contradicts_nothing(written, masked, otherwise):
    assert contradicts(bare_phone(masked), bare_phone(written), name=True) is otherwise


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"联系电话": "100****0001"}, "Kept, being masked in the file: phone."),
        ({"联系电话": "138****5678"}, "Kept, though the file says otherwise: phone (138****5678)."),
        ({"联系电话": "1381234567*"}, "Kept, though the file says otherwise: phone (138****567*)."),
        ({"市民称呼": "李*"}, "Kept, being masked in the file: name."),
        ({"市民称呼": "张**"}, "Kept, though the file says otherwise: name (张**)."),
        ({"市民称呼": "张三*"}, "Kept, though the file says otherwise: name (张**)."),
        ({"主要内容": "请打100****0001。"}, "Kept, being masked in the file: text."),
        ({"主要内容": "请打138****5678。"}, "Kept, though the file says otherwise: text."),
        (
            {"联系电话": "138****5678", "市民称呼": "李*", "受理渠道": "微信"},
            "Kept, being masked in the file: name."
            " Kept, though the file says otherwise: phone (138****5678), channel.",
        ),
    ],
)
def test_a_masked_value_that_cannot_be_the_clear_one_is_told_as_said_otherwise_and_kept(
    session, tiny, given, told
):
    known = order(主要内容="请打10000000001。")
    bring_in(session, tiny.street.id, csv_file([known]))
    masked = order(**{"主要内容": "请打10000000001。", **given})
    with force_locale("en"):
        for dry_run in (True, False):
            run, verdicts = bring_in(session, tiny.street.id, csv_file([masked]), dry_run=dry_run)
            assert counts(run) == (1, 0, 0, 1, 0)
            assert verdicts[0].reason == told
    party = session.scalars(select(Party).execution_options(populate_existing=True)).one()
    assert (party.name, party.phone) == ("李四", "10000000001")
    assert session.scalar(select(func.count(CaseEvent.id))) == 1
