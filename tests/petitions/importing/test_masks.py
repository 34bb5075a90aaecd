"""A masked value hides what is known here; it never replaces it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.importing.masks import bare_phone, contradicts, hides, may_replace

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
