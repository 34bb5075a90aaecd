"""The tables of cases: one noun to a file."""

from petitions.models.case import ADDRESS_KEY, OPEN, WAITING, Case
from petitions.models.category import CategoryModel, CategorySuggestion
from petitions.models.history import CaseEnding, CaseEvent, CaseMove
from petitions.models.imports import ImportComparison, ImportRow, ImportRun
from petitions.models.pair import CaseDismissal, CaseLikeness, CaseRepeat
from petitions.models.party import Party
from petitions.models.profile import ImportProfile
from petitions.models.seal import Seal
from petitions.models.series import NumberSeries

__all__ = [
    "ADDRESS_KEY",
    "OPEN",
    "WAITING",
    "Case",
    "CaseDismissal",
    "CaseEnding",
    "CaseEvent",
    "CaseLikeness",
    "CaseMove",
    "CaseRepeat",
    "CategoryModel",
    "CategorySuggestion",
    "ImportComparison",
    "ImportProfile",
    "ImportRow",
    "ImportRun",
    "NumberSeries",
    "Party",
    "Seal",
]
