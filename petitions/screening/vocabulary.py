"""The closed vocabulary of a screening round (排查); labels live in `labels.py` beside it."""

from enum import StrEnum


class ScreeningAct(StrEnum):
    """What happens to a round or to the answer of one of its grids; every event names one."""

    OPEN = "open"
    REMIND = "remind"
    FIND_NOTHING = "find_nothing"
    REPORT = "report"
    RETRACT = "retract"
    CLOSE = "close"
