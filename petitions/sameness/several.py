"""The matters that the text of one order numbers by itself (事项一、事项二: DOMAIN B.5 row 2, B.6). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

FEWEST_PARTS = 2
MOST_PARTS = 10
"""A local limit: an order with more matters is sent back to be taken down one by one."""

_ORDINALS = {sign: at for at, sign in enumerate("一二三四五六七八九十", 1)}
_ORDINALS |= {str(at): at for at in range(1, MOST_PARTS + 1)}
_LABEL = re.compile(
    r"(?P<label>(?:事发)?地址|事项|备注)[ \t\u3000]*(?P<ordinal>[一二三四五六七八九十]+|\d*)[ \t\u3000]*[：:]"
)
_AROUND_ADDRESS = " \t\n\u3000，。；、,;."


class _Label(StrEnum):
    ADDRESS = "地址"
    MATTER = "事项"
    REMARK = "备注"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of an order: its text, with the remark on it, and its own address where it has one."""

    text: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    label: _Label
    ordinal: int | None
    text: str


def matters_of(text: str) -> tuple[Matter, ...]:
    """The matters that `text` numbers, in its order; none where it holds one only or leaves any doubt.

    Each stands behind 事项 with its number from 1 upwards and a colon, its address and its remark behind 地址
    and 备注 with the same number, before or after it. One address without a number may come before them and
    one remark behind them: these are the whole order's, as is what stands before the first label. A number
    that is missing, comes twice or goes with no matter, a label in the middle of a sentence and a matter
    without text are doubts.
    """
    if _Label.MATTER not in text:
        return ()
    fields = _fields(text)
    return _matters(fields) if fields else ()


def _fields(text: str) -> list[_Field]:
    """What stands behind each label, up to the next; nothing where a label is not what it seems."""
    found = list(_LABEL.finditer(text))
    starts = [match.start() for match in found]
    fields = []
    for match, (start, end) in zip(found, pairwise([*starts, len(text)]), strict=True):
        sign = match["ordinal"]
        ordinal = _ORDINALS.get(_narrow(sign))
        if _is_inside_word(text, start) or (sign and ordinal is None):
            return []
        label = _Label(match["label"].removeprefix("事发"))
        fields.append(_Field(label, ordinal, text[match.end() : end].strip()))
    return fields


def _is_inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum()


def _narrow(sign: str) -> str:
    return str(int(sign)) if sign.isdecimal() else sign


def _matters(fields: Sequence[_Field]) -> tuple[Matter, ...]:
    texts = _numbered(fields, _Label.MATTER)
    addresses, remarks = _numbered(fields, _Label.ADDRESS), _numbered(fields, _Label.REMARK)
    if texts is None or addresses is None or remarks is None or not _are_whole(fields):
        return ()
    if not FEWEST_PARTS <= len(texts) <= MOST_PARTS or list(texts) != list(range(1, len(texts) + 1)):
        return ()
    if not all(texts.values()) or not texts.keys() >= addresses.keys() | remarks.keys():
        return ()
    return tuple(
        Matter(_with_remark(text, remarks.get(at)), addresses.get(at, "").strip(_AROUND_ADDRESS) or None)
        for at, text in texts.items()
    )


def _numbered(fields: Sequence[_Field], label: _Label) -> dict[int, str] | None:
    """The texts behind a label by their number, None where a number comes twice."""
    own = [(field.ordinal, field.text) for field in fields if field.label is label and field.ordinal]
    texts = dict(own)
    return texts if len(texts) == len(own) else None


def _are_whole(fields: Sequence[_Field]) -> bool:
    """Whether what has no number can only be the whole order's."""
    last = len(fields) - 1
    return all(
        field.ordinal
        or (field.label is _Label.ADDRESS and at == 0)
        or (field.label is _Label.REMARK and at == last)
        for at, field in enumerate(fields)
    )


def _with_remark(text: str, remark: str | None) -> str:
    return f"{text}\n{_Label.REMARK}：{remark}" if remark else text
