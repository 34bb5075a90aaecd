"""A real SMTP server as a process of its own: `python -m tests.receivers.smtp_server DIRECTORY`.

It writes its port to `port`, every message that it takes to `taken.jsonl`, and does what `behaviour.json`
says at that moment: `rcpt` and `data` are answers instead of 250, `hang` keeps silent before the answer to
the message, `die` takes the message and ends the process without an answer.
"""

import argparse
import asyncio
import json
import os
import ssl
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG_SECONDS = 60


class Handler:
    """Takes or refuses as it is told."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self._told().get("rcpt"):
            return str(answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        told = self._told()
        if told.get("hang"):
            await asyncio.sleep(HANG_SECONDS)
        if answer := told.get("data"):
            return str(answer)
        self._keep(session, envelope)
        if told.get("die"):
            os._exit(1)
        return "250 taken"

    def _told(self) -> dict[str, Any]:
        path = self.directory / "behaviour.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def _keep(self, session: Session, envelope: Envelope) -> None:
        letter = message_from_bytes(envelope.content or b"", policy=default)
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": getattr(session.auth_data, "login", b"").decode(),
            "headers": {name.lower(): str(value) for name, value in letter.items()},
            "text": letter.get_content(),
        }
        with (self.directory / "taken.jsonl").open("a") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    """Let `dingfen` in with the password `correct`."""
    is_right = isinstance(given, LoginPassword) and given == LoginPassword(b"dingfen", b"correct")
    return AuthResult(success=is_right, handled=False, auth_data=given)


async def serve(directory: Path, port: int, certificate: Path | None, asks_login: bool) -> None:
    """Serve until the process is ended."""
    options: dict[str, Any] = {"hostname": "mail.test"}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options["tls_context"] = context
    if asks_login:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    loop = asyncio.get_running_loop()
    handler = Handler(directory)
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, **options), "127.0.0.1", port)
    draft = directory / "port.new"
    draft.write_text(str(server.sockets[0].getsockname()[1]))
    draft.rename(directory / "port")
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--login", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(given.directory, given.port, given.certificate, given.login))
