"""House numbers as they are written, one or a row of them, and where the place meant lies from them."""

import pytest

from grid.locating.house_numbers import Relation, house_numbers
from grid.locating.numerals import plain


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("12号", (12,)),
        ("12-18号", (12, 14, 16, 18)),
        ("１２－１８号", (12, 14, 16, 18)),
        ("12～15号", (12, 13, 14, 15)),
        ("12号至18号", (12, 14, 16, 18)),
        ("12号到16号之间", (12, 14, 16)),
        ("12、14号", (12, 14)),
        ("12号、18号", (12, 18)),
        ("12,15和19号", (12, 15, 19)),
        ("第十二号至第十四号", (12, 14)),
        # An annex, a room or something counted otherwise is no second house.
        ("12-3号", (12,)),
        ("12之14号", (12,)),
        ("12-112号", tuple(range(12, 113, 2))),
        ("12-113号", (12,)),
        ("12-14", (12,)),
        ("12号-14栋", (12,)),
        ("12号、14楼", (12,)),
        ("12号、3个人", (12,)),
        ("12号,13800000000", (12,)),
    ],
)
def test_a_row_of_houses_is_read_and_an_annex_is_not(written: str, numbers: tuple[int, ...]) -> None:
    found = house_numbers(plain(written), 0)
    assert found is not None
    assert found.numbers == numbers


@pytest.mark.parametrize(
    "written", ["0号", "号", "12楼", "12栋3号", "123456号", "12号线", "2020年", "十字路口", ""]
)
def test_what_counts_something_else_is_no_house(written: str) -> None:
    assert house_numbers(plain(written), 0) is None


@pytest.mark.parametrize(
    ("written", "relation"),
    [
        ("12号", Relation.HERE),
        ("12号门口", Relation.HERE),
        ("12号旁", Relation.BESIDE),
        ("12号的左侧", Relation.BESIDE),
        ("12号隔壁", Relation.BESIDE),
        ("12号附近", Relation.NEAR),
        ("12号(周边)", Relation.NEAR),
        ("12号对面", Relation.ACROSS),
        ("12-18号斜对面", Relation.ACROSS),
        ("12号之二对面", Relation.ACROSS),
    ],
)
def test_where_the_place_lies_from_the_house(written: str, relation: Relation) -> None:
    found = house_numbers(plain(written), 0)
    assert found is not None
    assert found.relation is relation
