"""Every environment variable the service reads, with its default."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core.errors import Unavailable

SMTP_PORTS = {"starttls": 587, "tls": 465, "off": 25}


def data_dir() -> Path:
    """Where the private database, secrets and logs live: DINGFEN_DATA_DIR, or `var/` here."""
    return Path(os.environ.get("DINGFEN_DATA_DIR", "var")).absolute()


def from_environment() -> dict[str, Any]:
    """The settings of one process.

    DATABASE_URL and REDIS_URL are set by the operator in production and by `app.standalone` otherwise.
    DINGFEN_FIELD_KEY seals personal fields: losing it loses them. Without DINGFEN_SMTP_HOST there is no mail.
    """
    redis_url = os.environ.get("REDIS_URL", "")
    return {
        "SQLALCHEMY_DATABASE_URI": os.environ.get("DATABASE_URL", "postgresql+psycopg:///dingfen"),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(),
        "SECRET_KEY": os.environ.get("DINGFEN_SECRET_KEY", ""),
        "FIELD_KEY": os.environ.get("DINGFEN_FIELD_KEY", ""),
        "BABEL_DEFAULT_LOCALE": os.environ.get("DINGFEN_LOCALE", "zh"),
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        # A file of a million orders is some 400 MiB. It goes to a disk as it comes in, never to memory.
        "MAX_CONTENT_LENGTH": int(os.environ.get("DINGFEN_MAX_UPLOAD_MB", "512")) * 1024 * 1024,
        # So long a file that was tried can go, and an import be undone or mended; what it needs waits sealed.
        "IMPORT_KEEP_DAYS": int(os.environ.get("DINGFEN_IMPORT_KEEP_DAYS", "7")),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": os.environ.get("DINGFEN_HTTPS") == "1",
        # A session ends so long after the login, and so long after the last click, whichever is first.
        "PERMANENT_SESSION_LIFETIME": int(os.environ.get("DINGFEN_SESSION_HOURS", "10")) * 3600,
        "SESSION_IDLE_SECONDS": int(os.environ.get("DINGFEN_SESSION_IDLE_MINUTES", "30")) * 60,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        **mail_settings(),
        # Lets webhooks lead to this machine and its link, and over plain HTTP: for trying things out.
        "WEBHOOK_LOCAL": os.environ.get("DINGFEN_WEBHOOK_LOCAL") == "1",
        # Tiles of a background for maps, such as https://tiles.example/{z}/{x}/{y}.png; none by default,
        # because the service works in a closed network. The browser fetches them, the service does not.
        "TILES_URL": os.environ.get("DINGFEN_TILES_URL", ""),
        # From how many persons a petition is a collective one; a local default, since no law names a number.
        "COLLECTIVE_FROM": int(os.environ.get("DINGFEN_COLLECTIVE_FROM", "5")),
        # A suggested category is filled in from the score at which this share of the held-out ones was right.
        "CATEGORY_PRECISION": float(os.environ.get("DINGFEN_CATEGORY_PRECISION", "0.95")),
        # A folder with one folder to a street, named by its code, whose files are imported; none by default.
        # What was taken is moved to taken/ there, or deleted with DINGFEN_INBOX_AFTER=delete.
        "INBOX": os.environ.get("DINGFEN_INBOX", ""),
        "INBOX_AFTER": os.environ.get("DINGFEN_INBOX_AFTER", "move"),
        "GRID_STANDARDS": grid_standards(),
        "CELERY": celery_settings(redis_url),
    }


def grid_standards() -> dict[str, Any]:
    """What grids are held to, where it is not as in `grid/checking/standards.py`; local defaults, no law.

    DINGFEN_GRID_HOUSEHOLDS and DINGFEN_GRID_RESIDENTS are bands such as 300-500, DINGFEN_GRID_LANE_METRES how
    far from a lane's middle a border still follows it, DINGFEN_GRID_DAYS_AHEAD from when a posting ends soon.
    """
    readers: dict[str, Callable[[str], Any]] = {
        "households": _band,
        "residents": _band,
        "lane_metres": float,
        "days_ahead": int,
    }
    found: dict[str, Any] = {}
    for name, reader in readers.items():
        variable = f"DINGFEN_GRID_{name.upper()}"
        text = os.environ.get(variable)
        try:
            found |= {name: reader(text)} if text else {}
        except ValueError:
            raise Unavailable(f"{variable} cannot be {text!r}; see app/config.py") from None
    return found


def _band(text: str) -> tuple[int, int]:
    fewest, most = (int(number) for number in text.split("-"))
    if fewest > most:
        raise ValueError(text)
    return fewest, most


def mail_settings() -> dict[str, Any]:
    """The mail server: DINGFEN_SMTP_HOST and, where it needs them, _PORT, _USER, _PASSWORD and _TLS.

    _TLS is `starttls` (the default), `tls` from the first byte on, or `off`, and each has its usual port.
    DINGFEN_MAIL_FROM is who writes, by default the user.
    """
    host, user = os.environ.get("DINGFEN_SMTP_HOST", ""), os.environ.get("DINGFEN_SMTP_USER", "")
    encryption = os.environ.get("DINGFEN_SMTP_TLS") or "starttls"
    if encryption not in SMTP_PORTS:
        raise Unavailable(f"DINGFEN_SMTP_TLS must be starttls, tls or off, not {encryption!r}")
    return {
        "SMTP_HOST": host,
        "SMTP_PORT": int(os.environ.get("DINGFEN_SMTP_PORT") or SMTP_PORTS[encryption]),
        "SMTP_USER": user,
        "SMTP_PASSWORD": os.environ.get("DINGFEN_SMTP_PASSWORD", ""),
        "SMTP_TLS": encryption,
        "MAIL_FROM": os.environ.get("DINGFEN_MAIL_FROM") or (user if "@" in user else f"dingfen@{host}"),
    }


def engine_options(idle_seconds: int = 0) -> dict[str, Any]:
    """How the database is spoken to; a transaction that stands idle for `idle_seconds` is ended, 0 is never.

    A host that has answered nothing for DINGFEN_LOST_SECONDS counts as lost on both sides: the database ends
    its transactions, whose locks would keep others waiting, and the host begins anew.
    """
    lost = int(os.environ.get("DINGFEN_LOST_SECONDS", "60"))
    keepalive = {"idle": -(-lost // 2), "interval": -(-lost // 6), "count": 3}
    on_server = {
        # Compiling a plan takes longer than our queries do, on whosever server they run.
        "jit": "off",
        "idle_in_transaction_session_timeout": f"{idle_seconds}s",
        "tcp_user_timeout": f"{lost}s",
        **{f"tcp_keepalives_{name}": number for name, number in keepalive.items()},
    }
    return {
        "pool_pre_ping": True,
        "connect_args": {
            "options": " ".join(f"-c {name}={value}" for name, value in on_server.items()),
            "connect_timeout": 10,
            "tcp_user_timeout": lost * 1000,
            **{f"keepalives_{name}": number for name, number in keepalive.items()},
        },
        # What a statement carries is personal, and the text of an error ends in logs.
        "hide_parameters": True,
    }


def worker_settings() -> dict[str, Any]:
    """What a Celery worker has of its own: stopped in the middle of a step, it holds nobody up for long.

    The pages have no such limit, because a slow upload keeps a transaction open, which locks nothing.
    """
    idle = int(os.environ.get("DINGFEN_WORKER_IDLE_SECONDS", "300"))
    return {"SQLALCHEMY_ENGINE_OPTIONS": engine_options(idle)}


def celery_settings(redis_url: str) -> dict[str, Any]:
    """Celery over Redis. A tick is acknowledged when it begins and none is fetched before a process is free.

    A tick whose worker dies needs no second delivery, for beat names it again and the tables hold the work;
    and a worker that owes Redis an acknowledgement does not survive when Redis goes away (Celery 5.7 ends
    with an AttributeError as it closes the channel).
    """
    lost = int(os.environ.get("DINGFEN_LOST_SECONDS", "60"))
    broker = redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return {
        "broker_url": broker,
        "result_backend": broker,
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_disable_prefetch": True,
        "broker_connection_retry_on_startup": True,
        # However long Redis is away, the worker and beat wait for it.
        "broker_connection_max_retries": None,
        # A worker that waits for a tick sends nothing, so only this tells it that it has been cut off.
        "broker_transport_options": {
            "socket_connect_timeout": 10,
            "socket_keepalive": True,
            "socket_keepalive_options": {
                socket.TCP_KEEPIDLE: -(-lost // 2),
                socket.TCP_KEEPINTVL: -(-lost // 6),
                socket.TCP_KEEPCNT: 3,
            },
        },
        "timezone": "Asia/Shanghai",
    }
