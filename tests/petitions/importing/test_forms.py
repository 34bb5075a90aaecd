"""One order to a sheet, its labels in A and C with the values in B and D (诉求拟办单)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.models import Case, Party
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import HEADINGS, bring_in, counts, order
from tests.petitions.importing.sheets import WORKBOOKS, Failed, Sheet


def form(number: object = "4407200601090312001", **given: object) -> Sheet:
    """A sheet as a town prints it, all seventeen labels on it."""
    said = {
        "工单编号": number,
        "受理时间": "2020-06-01 09:03:12",
        "处理期限": "2020-06-10",
        "市民称呼": "李四",
        "联系电话": "",
        "来电电话": "10000000001",
        "诉求标题": "路灯不亮",
        "涉事主体": "",
        "事发地点": "甲街道迎春路3号",
        "表单内容": "",
        "市民诉求": "楼下的路灯不亮。",
        "诉求来源": "电话",
        "紧急程度": "紧急",
        "工单类型": "投诉",
        "受理部门": "甲街道",
        "事项分类": "路灯",
        "业务点选": "",
        **given,
    }
    pairs = list(said.items())
    rows: list[list[object]] = [["诉求拟办单", "", "", ""]]
    rows += [[f"{left}：", value, "", ""] for left, value in pairs[:1]]
    rows += [[a, one, b, two] for (a, one), (b, two) in zip(pairs[1::2], pairs[2::2], strict=True)]
    rows += [["拟办意见", "", "", ""]]
    return Sheet(rows, merges=[(0, 0, 0, 3), (1, 1, 1, 3)])


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_form_is_one_order_with_what_stands_beside_its_labels(
    session: Session, tiny: TinyStreet, kind: str
) -> None:
    run, told = bring_in(session, tiny.street.id, WORKBOOKS[kind]({"拟办单": form()}))
    assert (run.profile, counts(run)) == ("town_form", (1, 1, 0, 0, 0))
    assert (told[0].row, told[0].place) == (1, None)
    case = session.scalars(select(Case)).one()
    assert (case.source_number, case.title, case.urgency) == ("4407200601090312001", "路灯不亮", "urgent")
    assert (case.address, case.category, case.holder_id) == ("甲街道迎春路3号", "路灯", tiny.a1.id)
    assert session.scalars(select(Party)).one().phone == "10000000001"


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_of_forms_has_a_verdict_for_each_sheet(
    session: Session, tiny: TinyStreet, kind: str
) -> None:
    sheets = {
        "说明": Sheet([["每张一单"]]),
        "甲": form("1"),
        "乙": form(4.40720060109031e18),
        "丙": form(""),
        "丁": form("2", 诉求标题=Failed()),
        "戊": form("1"),
    }
    run, told = bring_in(session, tiny.street.id, WORKBOOKS[kind](sheets))
    assert counts(run) == (5, 1, 0, 1, 3)
    assert [(each.row, each.place, each.verdict) for each in told] == [
        *[(1, "甲", "created"), (2, "乙", "refused"), (3, "丙", "refused"), (4, "丁", "refused")],
        (5, "戊", "unchanged"),
    ]
    assert all("工单编号" in each.reason for each in told[1:3])


def test_a_label_without_a_value_does_not_take_the_next_label_for_one(
    session: Session, tiny: TinyStreet
) -> None:
    sheet = form()
    rows = [list(row) for row in sheet.rows]
    rows.append(["表单内容", "业务点选", "", ""])
    bring_in(session, tiny.street.id, WORKBOOKS["xlsx"]({"拟办单": Sheet(rows)}))
    assert session.scalars(select(Case)).one().body == "楼下的路灯不亮。"


def test_a_table_is_never_taken_for_a_form(session: Session, tiny: TinyStreet) -> None:
    run, _ = bring_in(
        session, tiny.street.id, WORKBOOKS["xlsx"]({"工单": Sheet([HEADINGS, order()]), "拟办单": form("2")})
    )
    assert (run.profile, run.created) == ("wide", 1)
