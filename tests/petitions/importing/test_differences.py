"""A long text that changed is shown where it changed."""

import pytest

from petitions.importing.differences import AROUND, SHORT, without_what_is_alike

SAME = "楼下的路灯已经三天不亮，" * 20


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("短", "也短", ("短", "也短")),
        (None, SAME, (None, SAME)),
        ("a" * SHORT, "b" * SHORT, ("a" * SHORT, "b" * SHORT)),
        (SAME, SAME + "补充", ("…" + SAME[-AROUND:], "…" + SAME[-AROUND:] + "补充")),
        ("补充" + SAME, SAME, ("补充" + SAME[:AROUND] + "…", SAME[:AROUND] + "…")),
        (
            SAME + "甲" + SAME,
            SAME + "乙" + SAME,
            (
                "…" + SAME[-AROUND:] + "甲" + SAME[:AROUND] + "…",
                "…" + SAME[-AROUND:] + "乙" + SAME[:AROUND] + "…",
            ),
        ),
        # What is alike at both ends is counted once only.
        ("哈" * 100, "哈" * 101, ("…" + "哈" * AROUND, "…" + "哈" * (AROUND + 1))),
        ("甲" * 100, "乙" * 100, ("甲" * 100, "乙" * 100)),
    ],
)
def test_a_long_text_is_cut_to_what_differs(
    old: str | None, new: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert without_what_is_alike(old, new) == expected
