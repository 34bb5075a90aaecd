"""DOMAIN B.6: the dirt that real exports carry, and what becomes of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.core.clock import SHANGHAI
from petitions.importing.cells import clean, number_text
from petitions.importing.dates import is_form, read_moment, reads
from petitions.importing.fault import RowFault, quoted
from petitions.models import Case, Party
from petitions.vocabulary import CaseKind, Channel
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, csv_file, order, xlsx_file


def wall(text):
    """A moment without a zone, as a spreadsheet keeps it."""
    return datetime.fromisoformat(text)


FORMS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日", "serial")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("4407200601090312001", "4407200601090312001"),
        ("４４０７２００６０１", "4407200601"),
        ("'440720", "440720"),
        ("热线-200601-090312", "热线-200601-090312"),
        (12.0, "12"),
        (999_999_999_999_999.0, "999999999999999"),
    ],
)
def test_a_number_is_kept_as_text(cell, text):
    assert number_text(cell, "工单编号") == text


@pytest.mark.parametrize("cell", [1e15, 4.40720060109031e18, 1.5, "4.40720E+18", "1E18"])
def test_a_number_that_a_spreadsheet_has_rounded_is_refused(cell):
    with pytest.raises(RowFault, match="工单编号"):
        number_text(cell, "工单编号")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("一\r二", "一\n二"),
        ("一\r\n二", "一\n二"),
        ("一_x000D_\n二", "一\n二"),
        ("一_x000D_二", "一\n二"),
        (" 一\x00\x0b二\ufeff ", "一二"),
    ],
)
def test_line_ends_are_one_kind_and_control_characters_gone(cell, text):
    assert clean(cell) == text


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2020/1/5 9:03", wall("2020-01-05 09:03")),
        ("2020-01-05 09:03:12", wall("2020-01-05 09:03:12")),
        ("2020/01/05", wall("2020-01-05 00:00")),
        ("2020年1月5日", wall("2020-01-05 00:00")),
        ("２０２０/１/５", wall("2020-01-05 00:00")),
        (43835.5, wall("2020-01-05 12:00")),
        ("43835", wall("2020-01-05 00:00")),
        (date(2020, 1, 5), wall("2020-01-05 00:00")),
        (wall("2020-01-05 09:03"), wall("2020-01-05 09:03")),
    ],
)
def test_a_date_is_read_in_the_declared_forms_as_shanghai_time(cell, moment):
    assert read_moment(cell, FORMS, "来电时间") == moment.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "cell", ["5/1/2020", "2020-13-01 00:00:00", "2020-02-30 00:00:00", "昨天", "7", True]
)
def test_a_date_in_no_declared_form_is_refused(cell):
    with pytest.raises(RowFault, match="来电时间"):
        read_moment(cell, FORMS, "来电时间")


def test_a_date_that_two_forms_read_differently_is_refused_but_not_one_they_agree_on():
    both = ("%m/%d/%Y", "%d/%m/%Y")
    with pytest.raises(RowFault):
        read_moment("03/04/2020", both, "来电时间")
    assert read_moment("03/03/2020", both, "来电时间") == datetime(2020, 3, 3, tzinfo=SHANGHAI)
    assert read_moment("03/14/2020", both, "来电时间") == datetime(2020, 3, 14, tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["1999-12-31 23:59:59", "2100-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_date_that_can_be_no_hotline_s_is_refused(text):
    with pytest.raises(RowFault, match=r"来电时间.*2000.*2099"):
        read_moment(text, FORMS, "来电时间")


@pytest.mark.parametrize("text", ["2000-01-01 00:00:00", "2099-12-31 23:59:59"])
def test_a_date_just_inside_the_years_is_read(text):
    assert read_moment(text, FORMS, "来电时间") is not None


REFUSED = {
    "no number": (order(""), "工单编号"),
    "a rounded number": (order(4.40720060109031e18), "工单编号"),
    "no date": (order(来电时间=""), "来电时间"),
    "a date in the future": (order(来电时间="2020-06-02 08:30:01"), "来电时间"),
    "an unknown channel": (order(受理渠道="飞鸽"), "飞鸽"),
    "an unknown type": (order(来电类别="闲聊"), "闲聊"),
    "an address of 301 characters": (order(事发地="长" * 301), "事发地"),
    "a category of 61 characters": (order(问题分类名称="长" * 61), "60"),
    "a deadline that stands for none": (order(办理截止时间="9999-12-31"), "办理截止时间"),
    "a deadline of more than two years": (order(办理截止时间="2022-06-04"), "办理截止时间"),
    "a text of 20,001 characters": (order(主要内容="长" * 20_001), "主要内容"),
    "neither title nor text": (order(工单标题="", 主要内容=""), "工单标题"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_cannot_be_taken_is_refused_with_its_reason_and_the_others_are_imported(
    session, tiny, name
):
    row, told = REFUSED[name]
    run, verdicts = bring_in(session, tiny.street.id, xlsx_file({"工单": [HEADINGS, order("good"), row]}))
    assert (run.created, run.refused) == (1, 1)
    refused = verdicts[1]
    assert (refused.row, refused.verdict, refused.number) == (3, "refused", None)
    assert refused.reason
    assert told in refused.reason


def test_a_row_on_the_good_side_of_each_limit_is_taken(session, tiny):
    row = order(
        "1",
        来电时间="2020-06-02 08:30:00",
        事发地="长" * 300,
        问题分类名称="长" * 60,
        来电类别="表扬",
        办理截止时间="2022-06-04",
    )
    assert bring_in(session, tiny.street.id, csv_file([row]))[0].created == 1


def test_cells_of_a_spreadsheet_keep_their_meaning(session, tiny):
    row = order("4407200601090312001", 来电时间=wall("2020-06-01 09:03"), 联系电话=10000000001.0)
    bring_in(session, tiny.street.id, xlsx_file({"工单": [HEADINGS, row]}))
    case = session.scalars(select(Case)).one()
    assert case.source_number == "4407200601090312001"
    assert case.received_at == datetime(2020, 6, 1, 1, 3, tzinfo=UTC)
    assert session.scalars(select(Party)).one().phone == "10000000001"


def test_a_blank_title_falls_back_to_how_the_text_begins(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(工单标题="", 主要内容="路灯坏了。\n请修。")]))
    assert session.scalars(select(Case.title)).one() == "路灯坏了"


def test_a_masked_phone_is_kept_and_finds_nobody(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1", 联系电话="138****1234"), order("2")]))
    parties = session.scalars(select(Party).order_by(Party.id)).all()
    assert [(party.phone, party.phone_hash is None) for party in parties] == [
        ("138****1234", True),
        ("10000000001", False),
    ]


def test_an_anonymous_caller_has_no_name(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order(市民称呼="匿名")]))
    party = session.scalars(select(Party)).one()
    assert (party.name, party.is_anonymous) == (None, True)


def test_the_place_is_found_inside_the_text_behind_its_label(session, tiny):
    body = "地址：甲街道迎春路3号\n事项：路灯不亮。\n备注：无"
    content = csv_file([["1", "要求修灯", body]], ["工单编号", "诉求标题", "市民诉求"])
    run, _ = bring_in(session, tiny.street.id, content)
    case = session.scalars(select(Case)).one()
    assert run.profile == "town_ledger"
    assert case.address == "甲街道迎春路3号"
    assert case.received_at == NOW


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("地址一：甲路1号 事项一：噪音 地址二：乙路2号", "甲路1号"),
        ("事项：噪音。地址:乙路2号", "乙路2号"),
        ("没有写在哪里", None),
    ],
)
def test_of_several_labelled_places_the_first_counts(session, tiny, body, place):
    content = csv_file([["1", "噪音", body]], ["工单编号", "诉求标题", "市民诉求"])
    bring_in(session, tiny.street.id, content)
    assert session.scalars(select(Case.address)).one() == place


def test_words_become_codes_and_a_file_of_record_keeps_its_moments(session, tiny):
    headings = (
        "工单编号",
        "受理时间",
        "受理渠道",
        "工单标题",
        "主要内容",
        "事发地址",
        "经度",
        "纬度",
        "坐标系",
    )
    row = ("1", "2019-05-06 10:00:00", "网上信访", "修灯", "灯坏了", "", "113.065", "22.605", "GCJ-02")
    bring_in(session, tiny.street.id, csv_file([row], headings), profile="demo_export")
    case = session.scalars(select(Case)).one()
    assert (case.kind, case.channel) == (CaseKind.PETITION, Channel.ONLINE)
    assert (case.given_lon, case.given_lat, case.given_datum) == (113.065, 22.605, "gcj02")
    assert case.registered_at == case.received_at == datetime(2019, 5, 6, 2, tzinfo=UTC)


def test_a_form_of_many_blanks_reads_a_long_cell_at_once():
    form = "%Y" + " " * 10 + "%m%d"
    assert is_form(form)
    assert not reads("2024" + " " * 5_000 + "x", form)
    assert reads("2024 0102", form)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张三13800138000身份证440700199001011234", "张三138****8000身份证4407…"),
        ("甲" * 20, "甲" * 20),
        ("甲" * 21, "甲" * 20 + "…"),
    ],
)
def test_a_reason_repeats_no_more_of_a_cell_than_finds_it_again(text, shown):
    assert quoted(text) == shown
