"""Who sends: the upstream whose secret made the signature, and the layout that it may send in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _
from petitions.importing.profile import Profile, get_profile
from petitions.importing.profiles import load_profiles
from petitions.models import Upstream
from petitions.upstreams.signing import Signed, Signing, is_fresh

_NOBODY = "0" * 64


class Unsigned(AppError):
    """Nobody known has signed this, or not just now."""

    status = 401
    code = "unsigned"


def find_sender(session: Session, signed: Signed, now: datetime) -> Upstream | None:
    """The upstream that says it sends, before its body is read; raises Unsigned for a stale moment."""
    if not is_fresh(signed.timestamp, now):
        raise Unsigned(
            _(
                "The moment of the signature is not within five minutes of this machine's clock, %(now)s"
                " seconds since 1970.",
                now=int(now.timestamp()),
            )
        )
    return session.scalar(select(Upstream).where(Upstream.code == signed.code, Upstream.is_on))


def signing_of(upstream: Upstream | None, signed: Signed, now: datetime) -> Signing:
    """The signatures that would be right: always two, so that nobody known makes as much work as anybody."""
    present = former = upstream.secret if upstream else _NOBODY
    if upstream and upstream.former_secret and upstream.former_until and now < upstream.former_until:
        former = upstream.former_secret
    return Signing([present, former], signed)


def demand_signed(upstream: Upstream | None, signing: Signing) -> Upstream:
    """The upstream, where its secret made the signature; raises Unsigned, the same whoever it is not."""
    if not signing.is_right() or upstream is None:
        raise Unsigned(_("No upstream that is turned on has signed this request so."))
    return upstream


def layout_for(session: Session, upstream: Upstream, asked: str | None) -> Profile | None:
    """The layout that the upstream sends in, None to recognise it by the headings.

    Raises Invalid where another is asked for than the one that was set for it, and for one whose import is
    the registration itself: only the office registers.
    """
    known = load_profiles(session, [upstream.street_id])
    fixed = get_profile(upstream.profile, known) if upstream.profile else None
    layout = get_profile(asked, known) if asked else fixed
    if fixed and layout and layout.code != fixed.code:
        raise Invalid(_("This upstream sends in the layout %(name)s and no other.", name=fixed.name))
    if layout:
        demand_sendable(layout)
    return layout


def demand_sendable(layout: Profile) -> None:
    """Raise Invalid for a layout whose import is the registration itself."""
    if layout.registered:
        raise Invalid(
            _("Nothing is sent in the layout %(name)s; only the office registers by it.", name=layout.name)
        )
