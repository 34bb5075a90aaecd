"""Files with every defect of DOMAIN B.6, singly and mixed, and beside each the truth about its rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from hypothesis import strategies as st

from tests.petitions.importing.files import HEADINGS, order
from tests.petitions.importing.sheets import FORMS, WORKBOOKS, Failed, Sheet

ROUNDED = 4407200601090312001.0
NUMBER = 4407200601090312000


@dataclass(frozen=True)
class Truth:
    """What is to come of a row: its verdict, and what its order says where it is taken.

    `twice` is the verdict of the import where a row above bears the same number, which a reader of rows one
    by one does not know.
    """

    verdict: str
    number: str = ""
    title: str = "路灯不亮"
    body: str = "楼下的路灯已经三天不亮。"
    phone: str = "10000000001"
    received: str = "2020-06-01 09:03:12"
    twice: str = field(default="", compare=False)

    @property
    def imported(self) -> str:
        """The verdict of the import."""
        return self.twice or self.verdict


Above = dict[str, tuple[Sequence[object], Truth]]
"""The rows above by their numbers: of each the one that was taken, or that was refused while none was."""

Dirt = Callable[[str], tuple[Sequence[object], Truth | None]]


def _taken(cells: Mapping[str, object] | None = None, **said: str) -> Dirt:
    """A row that is taken, whose order says what `said` does."""
    return lambda number: (order(number, **(cells or {})), Truth("created", **{"number": number, **said}))


def _refused(**cells: object) -> Dirt:
    return lambda number: (order(**{"number": number, **cells}), Truth("refused"))


def _wide(digits: str) -> str:
    return digits.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


DIRT: Mapping[str, Dirt] = {
    "clean": _taken(),
    "a number in full width": lambda number: (order(_wide(number)), Truth("created", number)),
    "a number behind an apostrophe": lambda number: (order(f"'{number}"), Truth("created", number)),
    "a number with a hotline's dashes": lambda number: (
        order(f"热线-200601-{number[-6:]}"),
        Truth("created", f"热线-200601-{number[-6:]}"),
    ),
    "a phone as a number": _taken({"联系电话": 10000000001.0}),
    "a masked phone": _taken({"联系电话": "1000******1"}, phone="1000******1"),
    "a lone carriage return": _taken({"主要内容": "一\r二"}, body="一\n二"),
    "an escaped carriage return": _taken({"主要内容": "一_x000D_\n二"}, body="一\n二"),
    "a text like a formula": _taken({"工单标题": "=1+1"}, title="=1+1"),
    "a quotation mark and a separator": _taken({"工单标题": '“一",\t;二'}, title='“一",\t;二'),
    "a date with slashes": _taken({"来电时间": "2020/6/1 9:03"}, received="2020-06-01 09:03:00"),
    "a date in full width": _taken(
        {"来电时间": "２０２０-０６-０１ ０９:０３"}, received="2020-06-01 09:03:00"
    ),
    "a date as a date": _taken({"来电时间": datetime(2020, 6, 1, 9, 3)}, received="2020-06-01 09:03:00"),  # noqa: DTZ001
    "a date as a bare number": _taken({"来电时间": 43983.5}, received="2020-06-01 12:00:00"),
    "the first day of 2000": _taken(
        {"来电时间": "2000-01-01 00:00:00", "办理截止时间": ""}, received="2000-01-01 00:00:00"
    ),
    "no title": _taken({"工单标题": ""}, title="楼下的路灯已经三天不亮"),
    "no number": _refused(number=""),
    "a rounded number": _refused(number=ROUNDED),
    "a number that was written shorter": _refused(number="4.4072E+18"),
    "a phone that was rounded": _refused(联系电话=1234567890123456.0),
    "a formula error for a number": _refused(number=Failed()),
    "a formula error for a title": _refused(工单标题=Failed()),
    "a formula error for a deadline": _refused(办理截止时间=Failed()),
    "no date": _refused(来电时间=""),
    "a date before 2000": _refused(来电时间="1999-12-31 23:59:59"),
    "a date before 2000 as a date": _refused(来电时间=datetime(1999, 12, 31, 9)),  # noqa: DTZ001
    "a date after tomorrow": _refused(来电时间="2020-06-04 00:00:00"),
    "the last year there is": _refused(来电时间="9999-12-31"),
    "a date that is none": _refused(来电时间="2020-02-30 00:00:00"),
    "a date in words": _refused(来电时间="昨天"),
    "a day and month that change places": _refused(来电时间="5/1/2020"),
    "an unknown channel": _refused(受理渠道="飞鸽"),
    "an unknown type": _refused(来电类别="闲聊"),
    "a text beyond all length": _refused(主要内容="长" * 20_001),
    "a narrow column": _refused(工单标题="########"),
    "a blank row": lambda _number: ([""] * len(HEADINGS), None),
    "the headings once more": lambda _number: (HEADINGS, None),
}

SAME, OTHER = "the row of a number once more", "a number once more with another title"

TOTALS: Sequence[Sequence[object]] = (
    ("合计", "", "", "12"),
    ("总计：12件",),
    ("", "小计", 12.0),
    ("制表人：某某", "", "审核：某某"),
    ("共12条记录",),
)


@dataclass(frozen=True)
class Made:
    """A file, the form that it is in, and the truth: by the row's number, or by its sheet and number."""

    form: str
    content: bytes
    truth: dict[str, Truth]
    defects: tuple[str, ...]


@st.composite
def files(draw: st.DrawFn) -> Made:
    """Any file of any form with any rows in any frame."""
    form = draw(st.sampled_from(sorted(FORMS)))
    numbers = count(NUMBER)
    names = draw(st.lists(st.sampled_from([*sorted(DIRT), SAME, OTHER]), min_size=1, max_size=8))
    halves = [names]
    if form in WORKBOOKS and len(names) > 1 and draw(st.booleans()):
        halves = [names[: len(names) // 2], names[len(names) // 2 :]]
    sheets: dict[str, Sheet] = {}
    truth: dict[str, Truth] = {}
    above: Above = {}
    if form in WORKBOOKS and draw(st.booleans()):
        sheets |= {"空": Sheet([]), "说明": Sheet([["本表由热线平台导出"]])}
    for at, half in enumerate(halves):
        name = f"第{at + 1}页"
        sheet, told = draw(framed(half, numbers, above, is_text=form not in WORKBOOKS))
        sheets[name] = sheet
        truth |= {f"{name}!{row}" if len(halves) > 1 else str(row): each for row, each in told.items()}
    return Made(form, FORMS[form](sheets), truth, tuple(names))


def once_more(
    number: str, cells: Sequence[object], truth: Truth, *, is_other: bool
) -> tuple[Sequence[object], Truth]:
    """A further row of a number: the first that was taken counts, whatever stands in the others."""
    if truth.verdict == "refused":
        return order(number), Truth("created", number)
    if not is_other:
        return cells, replace(truth, twice="unchanged")
    return order(number, 工单标题="另一件"), Truth("created", number, "另一件", twice="refused")


@st.composite
def framed(
    draw: st.DrawFn, names: Sequence[str], numbers: Iterator[int], taken: Above, *, is_text: bool
) -> tuple[Sheet, dict[int, Truth]]:
    """One sheet: titles above, columns in any order and some of nobody's, totals below."""
    titles = draw(st.integers(0, 3))
    order_of = draw(st.permutations(range(len(HEADINGS))))
    strange = draw(st.integers(0, 2))
    columns = len(HEADINGS) + strange
    above: list[list[object]] = [[f"热线工单{at}" if at != 1 else ""] for at in range(titles)]
    rows = [*above, [*(f"自编{at}" for at in range(strange)), *(HEADINGS[at] for at in order_of)]]
    truth: dict[int, Truth] = {}
    for name in names:
        if name in DIRT or not taken:
            number = str(next(numbers))
            cells, told = DIRT.get(name, DIRT["clean"])(number)
        else:
            number = draw(st.sampled_from(sorted(taken)))
            cells, told = once_more(number, *taken[number], is_other=name == OTHER)
        if told and not told.twice:
            taken[told.number or number] = (cells, told)
        blank = not any(cell != "" for cell in cells)
        rows.append([*("" if blank else Failed() for _ in range(strange)), *(cells[at] for at in order_of)])
        if told:
            truth[len(rows)] = told
    below = draw(st.none() | st.sampled_from(TOTALS))
    if below:
        rows.append([*below])
    merges = [] if is_text or not titles else [(0, 0, 0, columns - 1)]
    return Sheet(rows, hidden=draw(st.sampled_from([(), (0,), (columns - 1,)])), merges=merges), truth
