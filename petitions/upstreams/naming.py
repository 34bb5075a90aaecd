"""What a file is called that an upstream sends: as it says, or so that a person understands it. Pure."""

from datetime import UTC, datetime

from app.core.clock import SHANGHAI
from app.core.errors import Invalid
from app.core.i18n import lazy as _

LONGEST = 200
_SEPARATORS = ("/", "\\")


def demand_name(name: str) -> str:
    """The name; raises Invalid for one that is blank, too long, or leads into a folder."""
    if len(name) > LONGEST:
        raise Invalid(_("The name of a file has at most %(most)s characters.", most=LONGEST))
    if name in {"", ".", ".."} or any(sign in name for sign in _SEPARATORS):
        raise Invalid(_("Give the name of the file alone, without a folder: orders.csv"))
    return name


def default_name(upstream: str, timestamp: int) -> str:
    """The name of an upstream with the local day and time at which it sent; `timestamp` in seconds."""
    at = datetime.fromtimestamp(timestamp, UTC).astimezone(SHANGHAI)
    return f"{upstream} {at:%Y-%m-%d %H.%M.%S}.csv".replace("/", " ").replace("\\", " ")
