"""How long a session lives: ten hours from the login, and half an hour without a click (DOMAIN F.2)."""

from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any

# The cookie is written anew once a minute at most, not with every click.
_GRAIN = 60


def begin(cookie: MutableMapping[str, Any], now: datetime) -> None:
    """Note in the cookie that a person has logged in at `now`."""
    cookie["began"] = cookie["seen"] = int(now.timestamp())


def is_over(cookie: Mapping[str, Any], now: datetime, *, longest: timedelta, idle: timedelta) -> bool:
    """Whether `longest` has passed since the login, or `idle` since the last click; true without them."""
    moment = now.timestamp()
    began, seen = cookie.get("began", 0), cookie.get("seen", 0)
    return moment - began >= longest.total_seconds() or moment - seen >= idle.total_seconds()


def touch(cookie: MutableMapping[str, Any], now: datetime) -> None:
    """Note a click at `now`."""
    if now.timestamp() - cookie["seen"] >= _GRAIN:
        cookie["seen"] = int(now.timestamp())
