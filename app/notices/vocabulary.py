"""The closed vocabularies of the outbox; labels live in `app/notices/labels.py`."""

from enum import StrEnum


class ReceiverKind(StrEnum):
    """The forms in which a notice leaves the house; all but mail are webhooks of a unit."""

    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    SIGNED_JSON = "signed_json"


WEBHOOKS = frozenset(set(ReceiverKind) - {ReceiverKind.MAIL})


class DeliveryState(StrEnum):
    """What has become of one notice on its way to one receiver."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


class Fault(StrEnum):
    """Why a message did not arrive."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    INSECURE = "insecure"
    LOGIN_REFUSED = "login_refused"
    BUSY = "busy"
    UNEXPECTED = "unexpected"
    REFUSED = "refused"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNRENDERABLE = "unrenderable"


# Trying again does not help against these: somebody must mend something first.
FINAL = frozenset({Fault.REFUSED, Fault.FORBIDDEN_ADDRESS, Fault.UNRENDERABLE})

# The server is at fault and not the message, so its other receivers need not find out for themselves.
OF_THE_SERVER = frozenset({Fault.UNREACHABLE, Fault.TIMED_OUT, Fault.INSECURE, Fault.LOGIN_REFUSED})
