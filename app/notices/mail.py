"""Mail: one message to one mailbox over SMTP."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Self

from app.notices.message import Message
from app.notices.time_limit import SECONDS, TimeLimit
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault

SERVER = "mail"
"""The name under which all mailboxes share one server."""


class Encryption(StrEnum):
    """How the talk with the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server of the house, and who writes."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    encryption: Encryption = Encryption.STARTTLS
    seconds: float = SECONDS

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self | None:
        """The server that the settings name, or None where they name none: mail is off then."""
        if not config["SMTP_HOST"]:
            return None
        return cls(
            config["SMTP_HOST"],
            config["SMTP_PORT"],
            config["MAIL_FROM"],
            config["SMTP_USER"],
            config["SMTP_PASSWORD"],
            Encryption(config["SMTP_TLS"]),
        )

    def send(self, address: str, message: Message, now: datetime) -> None:
        """Hand the message over; raises Undelivered unless the server has taken it."""
        letter = self._letter(address, message, now)
        with TimeLimit(self.seconds) as limit, _telling(limit), self._connected(limit) as smtp:
            if self.encryption is Encryption.STARTTLS:
                smtp.starttls(context=ssl.create_default_context())
                limit.watch(smtp.sock)
            if self.user:
                smtp.login(self.user, self.password)
            smtp.send_message(letter)

    def _letter(self, address: str, message: Message, now: datetime) -> EmailMessage:
        letter = EmailMessage(policy=SMTP_POLICY)
        letter["From"], letter["To"], letter["Subject"] = self.sender, address, message.subject
        letter["Date"] = format_datetime(now)
        # Said twice where a worker was killed, so that mail programs may show it once.
        letter["Message-ID"] = f"<{message.key}@{self._domain()}>"
        letter["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            letter["Importance"] = "high"
        letter.set_content(message.text(), cte="base64")
        return letter

    @contextmanager
    def _connected(self, limit: TimeLimit) -> Iterator[smtplib.SMTP]:
        # The name is given because smtplib would ask the name service for it, which may hang.
        given: dict[str, Any] = {"local_hostname": self._domain(), "timeout": self.seconds}
        if self.encryption is Encryption.TLS:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, context=context, **given)
        else:
            smtp = smtplib.SMTP(self.host, self.port, **given)
        limit.watch(smtp.sock)
        try:
            yield smtp
            # What is taken is taken, however the server bids farewell.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        finally:
            smtp.close()

    def _domain(self) -> str:
        return self.sender.rpartition("@")[2].strip("> ")


@contextmanager
def _telling(limit: TimeLimit) -> Iterator[None]:
    """Turn what smtplib raises into Undelivered."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _by_code(next(iter(error.recipients.values()))[0]) from None
    except smtplib.SMTPDataError as error:
        raise _by_code(error.smtp_code) from None
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
        raise Undelivered(Fault.LOGIN_REFUSED, error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise Undelivered(Fault.UNREACHABLE, error.smtp_code) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise Undelivered(_late(limit, error) or Fault.INSECURE) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(_late(limit, error) or Fault.UNREACHABLE) from None


def _by_code(code: int) -> Undelivered:
    """4yz: come again; 5yz: not this message, ever (RFC 5321 4.2.1)."""
    return Undelivered(Fault.BUSY if 400 <= code < 500 else Fault.REFUSED, code)


def _late(limit: TimeLimit, error: BaseException) -> Fault | None:
    hung = limit.has_passed or isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    return Fault.TIMED_OUT if hung else None
