"""The same file, told by its checksum, that was brought in before: when, by whom, with what counts."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.formats import moment
from app.core.i18n import now_text as _
from grid.tree import in_scope
from petitions.importing.listing import Listed, listed_run
from petitions.importing.words import STATES
from petitions.models import ImportRun
from petitions.models.imports import RunState


def brought_in_before(session: Session, run: ImportRun, actor: Actor) -> Listed | None:
    """The latest earlier import of the same bytes that did anything or waits, in the actor's reach.

    Trials brought nothing in.
    """
    query = (
        select(ImportRun)
        .where(ImportRun.sha256 == run.sha256, ImportRun.id < run.id)
        .where(ImportRun.is_dry_run.is_(False))
        .where(or_(ImportRun.rows > 0, ImportRun.state == RunState.OPEN))
        .where(in_scope(actor, ImportRun.street_id))
        .order_by(ImportRun.id.desc())
        .limit(1)
    )
    earlier = session.scalar(query)
    return listed_run(session, earlier) if earlier else None


def before_words(earlier: Listed) -> str:
    """One sentence: when, by whom, what became of it and the counts."""
    run = earlier.run
    return _(
        "The same file came in before, on %(moment)s by %(who)s (%(state)s): %(rows)s rows, %(created)s new,"
        " %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.",
        moment=moment(run.requested_at),
        who=earlier.by or _("command line"),
        state=STATES[run.state],
        rows=run.rows,
        created=run.created,
        changed=run.changed,
        unchanged=run.unchanged,
        refused=run.refused,
    )
