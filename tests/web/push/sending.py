"""Orders that a platform sends, and its signature."""

from sqlalchemy import func, select

from petitions.upstreams.signing import Signed, signature
from tests.petitions.importing.files import HEADINGS, order

PATH = "/api/push/city-12345"
ORDERS = [dict(zip(HEADINGS, order(number), strict=True)) for number in ("4407200601090312001", "2")]


def sign(body, path, method, key, stamp, name="", kind="application/json"):
    """The headers of a request that is signed with `key` at `stamp`."""
    said = Signed("", str(stamp), "", method, path, name, kind)
    made = {"X-Dingfen-Timestamp": said.timestamp, "X-Dingfen-Signature": signature(key, said, body)}
    return made | ({"X-Dingfen-Delivery": name} if name else {})


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))
