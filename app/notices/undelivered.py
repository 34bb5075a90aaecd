"""Why a message did not arrive, as whoever sends it says it."""

from app.notices.vocabulary import Fault


class Undelivered(Exception):
    """The message did not arrive, or nobody can tell; `code` is what the other side answered, if it did."""

    def __init__(self, fault: Fault, code: object = None) -> None:
        super().__init__(fault.value if code is None else f"{fault.value} {code}")
        self.fault = fault
        self.code = None if code is None else str(code)[:20]
