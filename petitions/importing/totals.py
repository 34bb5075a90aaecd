"""Rows below the orders that are none: totals, and who made the list. Pure."""

import re
from collections.abc import Iterable

LONGEST_FIGURE = 9
"""A total has no more digits; an order number has."""

_FIGURE = rf"[\d,.]{{1,{LONGEST_FIGURE}}}\s*(?:%|％|条|件|宗|个|行|单)?"
_TOTAL = re.compile(
    rf"(?:本[页日周月年]|当[日月]|全部)?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数)[:：]?\s*(?:{_FIGURE})?"
    rf"|共\s*{_FIGURE}(?:记录|数据|工单)?"
)
_MADE = re.compile(
    r"(?:制表|填表|填报|审核|审批|复核|统计|打印|导出)(?:人|人员|单位|部门|时间|日期)?\s*[:：].*", re.DOTALL
)
_BARE_FIGURE = re.compile(_FIGURE)


def is_total(texts: Iterable[str]) -> bool:
    """Whether only totals, figures and signatures are among the texts of cells, and not figures alone."""
    said = list(texts)
    named = [text for text in said if _TOTAL.fullmatch(text) or _MADE.fullmatch(text)]
    return bool(named) and all(text in named or _BARE_FIGURE.fullmatch(text) for text in said)
