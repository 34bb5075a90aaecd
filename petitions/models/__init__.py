"""The tables of cases: one noun to a file."""

from petitions.models.case import OPEN, WAITING, Case
from petitions.models.history import CaseEnding, CaseEvent, CaseMove
from petitions.models.imports import ImportRow, ImportRun
from petitions.models.party import Party
from petitions.models.seal import Seal
from petitions.models.series import NumberSeries

__all__ = [
    "OPEN",
    "WAITING",
    "Case",
    "CaseEnding",
    "CaseEvent",
    "CaseMove",
    "ImportRow",
    "ImportRun",
    "NumberSeries",
    "Party",
    "Seal",
]
