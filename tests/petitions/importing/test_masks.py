"""A masked value hides what is known here; it never replaces it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.importing.masks import hides, may_replace

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
