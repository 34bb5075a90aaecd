"""One POST to a webhook: the certificate is verified, no redirect is followed, and it ends in time.

An administrator types the address, and this machine must not be made to talk to itself: where the name
leads is looked at after it is resolved and before anything is connected.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.notices.time_limit import SECONDS, TimeLimit
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault

PORTS = {"https": 443, "http": 80}
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and where."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; of a long answer the beginning."""

    status: int
    body: bytes


def is_foreign(address: str) -> bool:
    """Whether an address is another machine's: not this one's, its link's, or anybody's and nobody's."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return not (found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast)


def post(request: Request, *, allow_local: bool, seconds: float = SECONDS) -> Answer:
    """Send the request and read the answer, whatever it says; raises Undelivered where there is none.

    With `allow_local` this machine's own addresses and bare HTTP are taken as well.
    """
    parts = urlsplit(request.url)
    with TimeLimit(seconds) as limit:
        try:
            with _connect(parts, limit, allow_local=allow_local, seconds=seconds) as talk:
                answer = _talk(talk, parts, request)
        except Undelivered:
            raise
        except ssl.SSLError as error:
            raise Undelivered(_late(limit, error) or Fault.INSECURE) from None
        except (OSError, HTTPException) as error:
            raise Undelivered(_late(limit, error) or Fault.UNREACHABLE) from None
        # A line that we have cut ourselves looks like the end of an answer.
        if limit.has_passed:
            raise Undelivered(Fault.TIMED_OUT)
        return answer


def _connect(parts: SplitResult, limit: TimeLimit, *, allow_local: bool, seconds: float) -> socket.socket:
    host = parts.hostname or ""
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise Undelivered(Fault.FORBIDDEN_ADDRESS)
    found = socket.getaddrinfo(host, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    open_to_us = [each for each in found if allow_local or is_foreign(str(each[4][0]))]
    if not open_to_us:
        raise Undelivered(Fault.FORBIDDEN_ADDRESS)
    bare = _first_that_answers(open_to_us, seconds)
    limit.watch(bare)
    if parts.scheme == "http":
        return bare
    context = ssl.create_default_context()
    sealed = context.wrap_socket(bare, server_hostname=host, do_handshake_on_connect=False)
    limit.watch(sealed)
    try:
        sealed.do_handshake()
    except BaseException:
        sealed.close()
        raise
    return sealed


def _first_that_answers(found: list[Any], seconds: float) -> socket.socket:
    """Try the addresses in turn, all of them within `seconds`."""
    failure: OSError | None = None
    for family, kind, protocol, _name, address in found:
        bare = socket.socket(family, kind, protocol)
        bare.settimeout(seconds / len(found))
        try:
            bare.connect(address)
        except OSError as error:
            bare.close()
            failure = error
        else:
            bare.settimeout(seconds)
            return bare
    raise failure or OSError("no address")


def _talk(talk: socket.socket, parts: SplitResult, request: Request) -> Answer:
    connection = HTTPConnection(parts.netloc)
    connection.sock = talk
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", target, request.body, {"Host": parts.netloc, **request.headers})
    answer = connection.getresponse()
    return Answer(answer.status, answer.read(MOST_BYTES))


def _late(limit: TimeLimit, error: BaseException) -> Fault | None:
    return Fault.TIMED_OUT if limit.has_passed or isinstance(error, TimeoutError) else None
