"""The model: what it learns, what it says of a text, how it is kept."""

import io
import subprocess
import sys

import numpy as np
import pytest

from petitions.categories.model import dump, load
from petitions.categories.ngrams import COLUMNS, LONGEST_RUN, one_text, runs
from petitions.categories.training import FEWEST_EXAMPLES, Example, train, usable
from tests.petitions.categories.matters import SORTS, matters


def examples(count: int = 300) -> list[Example]:
    return [Example(one_text(title, body), category) for title, body, category in matters(count)]


@pytest.fixture(scope="module")
def trained():
    return train(usable(examples()), precision=0.95)


@pytest.mark.parametrize("texts", [[""], ["甲"], ["甲乙", ""], ["甲\0乙丙"], ["\ud800甲", "𠮷野家"]])
def test_every_run_of_a_text_has_a_column_and_none_goes_across(texts):
    owner, column = runs(texts)
    expected = [
        number
        for length in range(1, LONGEST_RUN + 1)
        for number, text in enumerate(texts)
        for piece in text.split("\0")
        for _start in range(len(piece) - length + 1)
    ]
    assert sorted(owner) == sorted(expected)
    assert ((column >= 0) & (column < COLUMNS)).all()


def test_texts_are_hashed_alike_alone_and_together():
    texts = ["路灯不亮", "噪音扰民", "垃圾没人清运"]
    owner, column = runs(texts)
    for number, text in enumerate(texts):
        assert sorted(column[owner == number]) == sorted(runs([text])[1])


def test_a_model_tells_the_sorts_apart_that_it_was_not_trained_on(trained):
    model, quality = trained
    assert quality.macro_f1 > 0.9 > quality.largest_f1
    fresh = matters(60, seed=9)
    guesses = model.guess([one_text(title, body) for title, body, _sort in fresh])
    right = sum(guess.category == sort for guess, (_t, _b, sort) in zip(guesses, fresh, strict=True))
    assert right >= 55
    assert {row["category"] for row in quality.by_category} == set(SORTS)


def test_a_model_that_is_kept_and_read_says_the_same(trained):
    model, _quality = trained
    texts = [one_text(title, body) for title, body, _sort in matters(40, seed=5)]
    again = load(dump(model)).guess(texts)
    assert [guess.category for guess in again] == [guess.category for guess in model.guess(texts)]
    for one, other in zip(again, model.guess(texts), strict=True):
        assert one.score == pytest.approx(other.score, abs=0.01)


def test_many_texts_are_weighed_as_one_by_one(trained):
    model, _quality = trained
    texts = [one_text(title, body) for title, body, _sort in matters(300, seed=6)]
    assert model.guess(texts)[290:] == [model.guess([text])[0] for text in texts[290:]]


def test_nothing_is_said_of_a_text_that_holds_nothing_known(trained):
    model, _quality = trained
    assert model.guess(["", "\0", "ㄅㄆㄇ"]) == [None, None, None]


def test_what_a_model_has_never_met_is_not_sure_though_all_it_was_tried_on_was_right(trained):
    model, quality = trained
    assert quality.sure_right > 0.9
    strange = model.guess([one_text("其他", "来电人没有说明具体情况。")])[0]
    assert strange is None or not strange.is_sure


def test_nothing_is_sure_where_too_few_were_right():
    mixed = [Example(each.text, "甲乙"[number % 2]) for number, each in enumerate(examples())]
    model, quality = train(mixed, precision=0.99)
    assert model.certainty.sure_from is None or quality.sure_right >= 0.99
    assert quality.macro_f1 < 0.8


def test_two_categories_are_enough_and_one_or_few_cases_are_not():
    two = [each for each in examples(450) if each.category != "环境卫生"]
    assert train(usable(two), precision=0.9)[1].macro_f1 > 0.9
    assert usable([each for each in examples(450) if each.category == "环境卫生"]) == []
    assert usable(examples(FEWEST_EXAMPLES - 1)) == []
    rare = [Example("冷门", "少见")] * 9
    assert {each.category for each in usable([*examples(), *rare])} == set(SORTS)


def test_a_pickled_object_is_never_read():
    stream = io.BytesIO()
    np.savez(stream, said=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load(stream.getvalue())


def test_the_web_and_the_commands_do_not_wait_for_what_only_training_needs():
    script = "import app.cli, app.factory, sys; print([n for n in ('sklearn', 'scipy') if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
