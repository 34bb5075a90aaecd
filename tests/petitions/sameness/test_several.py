"""Several matters in one text: what is recognised, and what leaves a doubt and is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.sameness.several import MOST_PARTS, Matter, matters_of

LAMP, NOISE = "路灯不亮。", "夜间施工很吵。"
BOTH = (Matter(LAMP), Matter(NOISE))
PLACED = (Matter(LAMP, "迎春路3号"), Matter(NOISE, "迎春路12号"))
SIGNS = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        (f"地址一：迎春路3号 事项一：{LAMP} 地址二：迎春路12号 事项二：{NOISE}", PLACED),
        (f"地址一：迎春路3号\n事项一：{LAMP}\n地址二：迎春路12号\n事项二：{NOISE}", PLACED),
        (f"事项一：{LAMP}地址一：迎春路3号。事项二：{NOISE}地址二：迎春路12号。", PLACED),
        (f"地址1:迎春路3号 事项1:{LAMP} 地址2:迎春路12号 事项2:{NOISE}", PLACED),
        (f"事发地址１：迎春路3号 事项１：{LAMP} 事发地址２：迎春路12号 事项２：{NOISE}", PLACED),
        (f"事项 一 ：{LAMP} 事项 二 ：{NOISE}", BOTH),
        (f"事项一：{LAMP} 事项2：{NOISE}", BOTH),
        (f"市民来电反映：事项一：{LAMP}；事项二：{NOISE}", (Matter(f"{LAMP}；"), BOTH[1])),
        (f"地址：迎春路3号 事项一：{LAMP} 事项二：{NOISE} 备注：请尽快处理", BOTH),
        (f"事项一：{LAMP} 事项二：{NOISE} 地址二：迎春路12号", (BOTH[0], PLACED[1])),
        (f"地址一： 事项一：{LAMP} 事项二：{NOISE}", BOTH),
        (f"事项一：{LAMP} 备注一：急 事项二：{NOISE}", (Matter(f"{LAMP}\n备注：急"), BOTH[1])),
        (f"事项一：{LAMP} 事项二：见事项一 事项三：{NOISE}", (BOTH[0], Matter("见事项一"), BOTH[1])),
    ],
)
def test_matters_that_are_numbered_are_told_apart_with_their_addresses(text, matters):
    assert matters_of(text) == matters


@pytest.mark.parametrize(
    "text",
    [
        "",
        LAMP,
        f"地址：迎春路3号 事项：{LAMP} 备注：急",
        f"事项一：{LAMP}",
        f"地址一：迎春路3号 地址二：迎春路12号 事项一：{LAMP}",
        f"事项一：{LAMP} 事项三：{NOISE}",
        f"事项二：{LAMP} 事项三：{NOISE}",
        f"事项二：{NOISE} 事项一：{LAMP}",
        f"事项零：{LAMP} 事项一：{NOISE}",
        f"事项0：{LAMP} 事项1：{NOISE}",
        f"事项一：{LAMP} 事项一：{NOISE}",
        f"事项一：{LAMP} 事项二：{NOISE} 事项二：{LAMP}",
        f"事项一：{LAMP} 事项二：",
        f"事项一： 事项二：{NOISE}",
        f"事项一：{LAMP} 地址一：迎春路3号 地址一：迎春路5号 事项二：{NOISE}",
        f"事项一：{LAMP} 事项二：{NOISE} 地址三：迎春路12号",
        f"事项一：{LAMP} 事项二：{NOISE} 备注三：急",
        f"事项：{LAMP} 事项：{NOISE}",
        f"事项：{LAMP} 事项一：{LAMP} 事项二：{NOISE}",
        f"事项一：{LAMP} 地址：迎春路3号 事项二：{NOISE}",
        f"事项一：{LAMP} 备注：急 事项二：{NOISE}",
        f"事项一：{LAMP}另见事项二：{NOISE}",
        f"诉求事项一：{LAMP} 诉求事项二：{NOISE}",
        f"事项一、{LAMP} 事项二、{NOISE}",
        f"事项一{LAMP} 事项二{NOISE}",
    ],
)
def test_nothing_is_recognised_in_one_matter_or_in_a_doubtful_text(text):
    assert matters_of(text) == ()


@pytest.mark.parametrize(("count", "found"), [(1, 0), (2, 2), (MOST_PARTS, MOST_PARTS), (MOST_PARTS + 1, 0)])
def test_no_more_matters_are_recognised_than_an_order_can_be_split_into(count, found):
    signs = [*SIGNS, "十一"]
    assert len(matters_of(" ".join(f"事项{signs[at]}：第{at}件。" for at in range(count)))) == found
    assert len(matters_of(" ".join(f"事项{at + 1}：第{at}件。" for at in range(count)))) == found


_SAID = st.text("路灯不亮井盖破损，。；0123 ", min_size=1).map(str.strip).filter(bool)
_PLACE = st.none() | st.text("迎春路号栋012", min_size=1)


@given(
    st.lists(st.builds(Matter, _SAID, _PLACE), min_size=2, max_size=MOST_PARTS), st.booleans(), st.booleans()
)
def test_what_was_written_down_numbered_is_read_as_it_was(matters, in_digits, on_lines):
    between = "\n" if on_lines else " "
    said = []
    for at, matter in enumerate(matters):
        sign = at + 1 if in_digits else SIGNS[at]
        said += [f"地址{sign}：{matter.address}"] if matter.address else []
        said += [f"事项{sign}：{matter.text}"]
    assert matters_of(between.join(said)) == tuple(matters)


@given(st.text("地址事项备注一二12：: \n路灯。", max_size=60))
def test_any_text_is_read_and_every_matter_comes_out_of_it(text):
    matters = matters_of(text)
    assert len(matters) != 1
    assert all(part in text for matter in matters for part in matter.text.split("\n备注：") if part)
