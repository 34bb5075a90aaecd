"""A POST against a real receiver: what it answers, how long it may take, and where it may not lead."""

from pathlib import Path
from time import monotonic

import pytest

from app.notices.undelivered import Undelivered
from app.notices.vocabulary import Fault
from app.notices.webhook import MOST_BYTES, Answer, Request, is_foreign, post
from tests.notices.conftest import PATIENCE
from tests.receivers.certificate import make_certificate
from tests.receivers.process import Other, listening

pytestmark = pytest.mark.process


def send(url: str, *, allow_local: bool = True) -> Answer:
    return post(
        Request(url, b'{"a":1}', {"Content-Type": "application/json"}),
        allow_local=allow_local,
        seconds=PATIENCE,
    )


def fault_of(url: str, *, allow_local: bool = True) -> Fault:
    with pytest.raises(Undelivered) as refused:
        send(url, allow_local=allow_local)
    return refused.value.fault


def at(other: Other, path: str = "/hook?key=k") -> str:
    return f"http://127.0.0.1:{other.port}{path}"


def test_the_body_arrives_once_and_the_answer_comes_back(hook: Other) -> None:
    hook.behave(status=202, answer="taken")
    assert send(at(hook)) == Answer(202, b"taken")
    [taken] = hook.taken
    assert (taken["method"], taken["path"], taken["body"]) == ("POST", "/hook?key=k", '{"a":1}')
    assert taken["headers"]["host"] == f"127.0.0.1:{hook.port}"


def test_a_redirect_is_an_answer_like_any_other(hook: Other) -> None:
    hook.behave(status=302, location=at(hook, "/elsewhere"))
    assert send(at(hook)).status == 302
    assert [taken["path"] for taken in hook.taken] == ["/hook?key=k"]


@pytest.mark.parametrize("way", ["hang", "drip"])
def test_a_receiver_that_hangs_or_drips_is_left_in_time(hook: Other, way: str) -> None:
    hook.behave(**{way: True})
    began = monotonic()
    assert fault_of(at(hook)) is Fault.TIMED_OUT
    assert monotonic() - began < 3 * PATIENCE


def test_a_long_answer_is_read_to_its_limit(hook: Other) -> None:
    hook.behave(answer="x" * (MOST_BYTES + 1))
    assert len(send(at(hook)).body) == MOST_BYTES


def test_a_receiver_that_dies_or_is_away_is_unreachable_until_it_is_back(hook: Other) -> None:
    hook.behave(die=True)
    assert fault_of(at(hook)) is Fault.UNREACHABLE
    assert fault_of(at(hook)) is Fault.UNREACHABLE
    hook.behave()
    hook.start()
    assert send(at(hook)).status == 200
    assert len(hook.taken) == 2


def test_a_name_that_leads_nowhere_is_unreachable() -> None:
    assert fault_of("https://no-such-host.invalid/") is Fault.UNREACHABLE


def test_a_certificate_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: Other) -> None:
    certificate = make_certificate(tmp_path / "hook.pem")
    with listening("http_receiver", tmp_path / "tls", "--certificate", str(certificate)) as sealed:
        url = f"https://127.0.0.1:{sealed.port}/"
        assert fault_of(url) is Fault.INSECURE
        assert sealed.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(url).status == 200
        assert fault_of(f"https://localhost:{sealed.port}/") is Fault.INSECURE


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_this_machine_is_not_spoken_to_unless_the_setting_allows_it(hook: Other, host: str) -> None:
    assert fault_of(f"https://{host}:{hook.port}/", allow_local=False) is Fault.FORBIDDEN_ADDRESS
    assert hook.taken == []


def test_nothing_goes_over_a_bare_line_unless_the_setting_allows_it() -> None:
    assert fault_of("http://192.0.2.1/", allow_local=False) is Fault.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    ("address", "foreign"),
    [
        ("126.255.255.255", True),
        ("127.0.0.0", False),
        ("127.255.255.255", False),
        ("128.0.0.0", True),
        ("169.253.255.255", True),
        ("169.254.169.254", False),
        ("169.255.0.0", True),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("10.1.2.3", True),  # the office's own network
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", True),
        ("fd00::1", True),
    ],
)
def test_an_address_is_this_machines_or_anothers(address: str, foreign: bool) -> None:
    assert is_foreign(address) is foreign
