"""Words as a start: what they say, of what they keep silent, and that they are never sure."""

import pytest

from petitions.categories.word_list import MOST_SCORE, word_list


@pytest.mark.parametrize(
    ("text", "known", "category"),
    [
        ("路灯不亮\0楼下的路灯三天不亮", (), "路灯照明"),
        ("夜间施工\0噪音很大，无法入睡", (), "噪音扰民"),
        ("工地欠薪\0包工头拖欠工资", ("城乡建设", "劳动和社会保障"), "劳动和社会保障"),
        ("路灯不亮\0", ("噪音扰民",), None),
        ("无题\0没有一个认得的词", (), None),
        ("", (), None),
        # A street with words of its own, none of which the list has, is told by the list's.
        ("路灯不亮\0", ("本街自定",), None),
    ],
)
def test_a_text_is_sorted_by_the_words_in_it(text, known, category):
    guess = word_list().guess([text], known)[0]
    assert (guess.category if guess else None) == category


def test_words_are_never_sure_and_more_of_them_say_more():
    one, many = word_list().guess(["路灯", "路灯不亮\0照明太暗，楼道灯也不亮"])
    assert not one.is_sure
    assert not many.is_sure
    assert one.score < many.score <= MOST_SCORE


def test_a_word_in_the_title_counts_more_than_one_in_the_text():
    guess = word_list().guess(["物业\0垃圾"])[0]
    assert guess.category == "物业管理"
