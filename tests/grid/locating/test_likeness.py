"""What a misspelt name stands for, what only resembles it, and what is another lane altogether."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.locating.address import read
from grid.locating.lexicon import Lexicon, Name, NameKind
from grid.locating.likeness import CLEAR, MOST_ALIKE, SCORES, Likenesses, Slip, slip_between
from grid.locating.numerals import plain

LANES = ["迎春路", "瑞安东路", "瑞安西路", "发展一巷", "发展二巷", "莲溪路", "建设大道", "东安街"]
NAMES = [(plain(name), Name(NameKind.LANE, key)) for key, name in enumerate(LANES)]
NAMES.append(("金城花园", Name(NameKind.PLACE, 0)))
LEXICON, LIKENESSES = Lexicon(NAMES), Likenesses(NAMES)


@pytest.mark.parametrize(
    ("written", "name", "slip"),
    [
        ("迎椿路", "迎春路", Slip.SOUND),
        ("金城花圆", "金城花园", Slip.SOUND),
        ("冬安街", "东安街", Slip.SOUND),
        ("蓬溪路", "莲溪路", Slip.LOOK),
        ("建没大道", "建设大道", Slip.OTHER),
        ("设建大道", "建设大道", Slip.SWAPPED),
        ("建设设大道", "建设大道", Slip.ADDED),
        ("建大道", "建设大道", Slip.LEFT_OUT),
        ("瑞安路", "瑞安东路", Slip.OTHER),
    ],
)
def test_one_slip_is_recognised_and_named(written: str, name: str, slip: Slip) -> None:
    assert slip_between(plain(written), plain(name)) is slip


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("瑞安北路", "瑞安东路"),
        ("瑞安西路", "瑞安东路"),
        ("发展三巷", "发展一巷"),
        ("发展十巷", "发展一巷"),
        ("发展新巷", "发展一巷"),
        ("新东安街", "东安街"),
        ("南迎春路", "迎春路"),
        ("迎春北路", "迎春路"),
        ("迎春新路", "迎春路"),
        ("迎春街", "迎春路"),
        ("春路", "迎春路"),
        ("迎春", "迎春路"),
        ("春迎路巷", "迎春路"),
        ("迎路春", "迎春路"),
        ("迎春路", "迎春路"),
    ],
)
def test_a_lane_of_the_same_family_is_no_misspelling(written: str, name: str) -> None:
    assert slip_between(plain(written), plain(name)) is None


@pytest.mark.parametrize("written", ["迎宾路", "迎新路", "建没大道", "瑞安路"])
def test_what_neither_sounds_nor_looks_alike_only_asks_a_person(written: str) -> None:
    reading = read(f"环市街道，{written}12号", LEXICON, LIKENESSES)
    assert reading.guess is None
    assert reading.lanes == ()
    assert all(one.score < CLEAR for one in reading.alike)


def test_a_clear_winner_is_read_in_place_of_what_is_written() -> None:
    reading = read("蓬江区，迎椿路１２号之二", LEXICON, LIKENESSES)
    assert reading.lanes == ((0, 12),)
    assert reading.guess is not None
    assert (reading.guess.wording, reading.guess.name) == ("迎椿路", "迎春路")


def test_two_winners_are_both_offered() -> None:
    names = [*NAMES, ("迎纯路", Name(NameKind.LANE, 90)), ("迎淳路", Name(NameKind.LANE, 91))]
    reading = read("迎椿路12号", Lexicon(names), Likenesses(names))
    assert (reading.guess, reading.lanes) == (None, ())
    assert {one.name for one in reading.alike} == {"迎春路", "迎纯路", "迎淳路"}


@pytest.mark.parametrize("written", ["迎春路12号，迎椿路", "金城花园旁迎椿路12号"])
def test_nothing_is_guessed_beside_a_name_that_is_known(written: str) -> None:
    reading = read(written, LEXICON, LIKENESSES)
    assert (reading.guess, reading.alike) == (None, ())


def test_the_likeliest_come_first_and_not_too_many() -> None:
    crowd = [(f"迎{character}路", Name(NameKind.LANE, at)) for at, character in enumerate("春宾新风江海湖")]
    found = Likenesses(crowd).find("迎椿路", [0])
    assert len(found) == MOST_ALIKE
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].name == "迎春路"


def test_every_slip_has_a_score_and_a_guess_is_never_sure() -> None:
    assert set(SCORES) == set(Slip)
    assert all(0 < one < 1 for one in SCORES.values())


@given(st.text(max_size=3000))
def test_any_text_is_searched_without_failing(text: str) -> None:
    read(text, LEXICON, LIKENESSES)


@given(st.text("迎春路瑞安东西一二三巷新12号", max_size=60))
def test_what_is_read_for_a_misspelling_differs_from_it_by_one_slip(text: str) -> None:
    guess = read(text, LEXICON, LIKENESSES).guess
    assert guess is None or slip_between(guess.wording, guess.name) is guess.slip
