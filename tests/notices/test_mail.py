"""Mail against a real SMTP server: taken, refused, hanging, dying, coming back, and private on the way."""

import ssl
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from app.notices.mail import Encryption, MailServer
from app.notices.message import Message
from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault
from tests.factories.cases import MORNING
from tests.notices.conftest import PATIENCE
from tests.receivers.certificate import make_certificate
from tests.receivers.process import Other, listening

Mailer = Callable[..., MailServer]
TO = "zhang@example.test"

pytestmark = pytest.mark.process


def fault_of(server: MailServer, message: Message) -> tuple[Fault, str | None]:
    with pytest.raises(Undelivered) as refused:
        server.send(TO, message, MORNING)
    return refused.value.fault, refused.value.code


def test_a_letter_arrives_once_with_its_words_and_headers(
    smtp: Other, mailer: Mailer, message: Message
) -> None:
    mailer(smtp).send(TO, message, MORNING)

    [letter] = smtp.taken
    assert (letter["from"], letter["to"]) == ("dingfen@street.test", [TO])
    assert letter["text"].replace("\r\n", "\n").rstrip("\n") == message.text()
    assert letter["headers"]["subject"] == message.subject == "定纷提醒：1件案件有新情况"
    assert letter["headers"]["message-id"] == f"<{message.key}@street.test>"
    assert letter["headers"]["auto-submitted"] == "auto-generated"
    assert letter["headers"]["date"] == "Mon, 01 Jun 2020 09:00:00 +0800"


@pytest.mark.parametrize("step", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "fault"), [("451 later", Fault.BUSY), ("550 no such user", Fault.REFUSED)]
)
def test_a_refusal_for_now_is_told_from_one_for_ever(
    smtp: Other, mailer: Mailer, message: Message, step: str, answer: str, fault: Fault
) -> None:
    smtp.behave(**{step: answer})
    assert fault_of(mailer(smtp), message) == (fault, answer[:3])
    assert smtp.taken == []


def test_a_server_that_hangs_is_left_in_time(smtp: Other, mailer: Mailer, message: Message) -> None:
    smtp.behave(hang=True)
    began = monotonic()
    assert fault_of(mailer(smtp), message) == (Fault.TIMED_OUT, None)
    assert PATIENCE / 2 < monotonic() - began < 3 * PATIENCE


def test_a_server_that_dies_in_the_middle_may_or_may_not_have_it(
    smtp: Other, mailer: Mailer, message: Message
) -> None:
    smtp.behave(die=True)
    assert fault_of(mailer(smtp), message) == (Fault.UNREACHABLE, None)
    assert len(smtp.taken) == 1


def test_a_server_that_is_away_is_unreachable_and_takes_mail_when_it_is_back(
    smtp: Other, mailer: Mailer, message: Message
) -> None:
    smtp.kill()
    assert fault_of(mailer(smtp), message) == (Fault.UNREACHABLE, None)
    smtp.start()
    mailer(smtp).send(TO, message, MORNING)
    assert len(smtp.taken) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path / "mail.pem")


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ssl.get_default_verify_paths().cafile == str(certificate)


def test_the_line_is_encrypted_before_the_password_is_said(
    tmp_path: Path, mailer: Mailer, message: Message, certificate: Path, trusted: None
) -> None:
    with listening("smtp_server", tmp_path / "tls", "--certificate", str(certificate), "--login") as server:
        known = {"encryption": Encryption.STARTTLS, "user": "dingfen", "password": "correct"}
        mailer(server, **known).send(TO, message, MORNING)
        [letter] = server.taken
        assert (letter["tls"], letter["user"]) == (True, "dingfen")
        wrong = {**known, "password": "wrong"}
        assert fault_of(mailer(server, **wrong), message) == (Fault.LOGIN_REFUSED, "535")
        assert fault_of(mailer(server, encryption=Encryption.STARTTLS), message) == (
            Fault.LOGIN_REFUSED,
            "530",
        )
        assert len(server.taken) == 1


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    tmp_path: Path, mailer: Mailer, message: Message, certificate: Path
) -> None:
    with listening("smtp_server", tmp_path / "tls", "--certificate", str(certificate)) as server:
        assert fault_of(mailer(server, encryption=Encryption.STARTTLS), message) == (Fault.INSECURE, None)
        assert server.taken == []


def test_a_server_that_offers_no_encryption_gets_nothing(
    smtp: Other, mailer: Mailer, message: Message
) -> None:
    assert fault_of(mailer(smtp, encryption=Encryption.STARTTLS), message) == (Fault.INSECURE, None)
    assert smtp.taken == []


def test_without_a_host_mail_is_off() -> None:
    plain = {"SMTP_PORT": 25, "SMTP_USER": "", "SMTP_PASSWORD": "", "SMTP_TLS": "off", "MAIL_FROM": "a@b"}
    assert MailServer.from_config({"SMTP_HOST": "", **plain}) is None
    assert MailServer.from_config({"SMTP_HOST": "mail.test", **plain}) == MailServer(
        "mail.test", 25, "a@b", encryption=Encryption.OFF
    )
