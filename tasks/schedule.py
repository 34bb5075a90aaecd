"""Beat: what runs when. Beat only names a tick; the tick finds its work in the tables.

No message expires: the sender's clock would say when and the worker's would judge it, so that one host's
wrong clock would stop everything. A tick that comes late or twice finds nothing left to do.
"""

from typing import Any

from petitions.categories.learning import LOOKED_EVERY

BEAT: dict[str, dict[str, Any]] = {
    "escalate": {"task": "escalate", "schedule": 60.0},
    "relocate": {"task": "relocate", "schedule": 60.0},
    "start_clocks": {"task": "start_clocks", "schedule": 60.0},
    "deliver_notices": {"task": "deliver_notices", "schedule": 15.0},
    "seal": {"task": "seal", "schedule": 3600.0},
    # Somebody sits before the page and waits.
    "run_imports": {"task": "run_imports", "schedule": 1.0},
    "train_categories": {"task": "train_categories", "schedule": float(LOOKED_EVERY)},
    "undo_imports": {"task": "undo_imports", "schedule": 5.0},
    "compare_imports": {"task": "compare_imports", "schedule": 10.0},
    "take_inbox": {"task": "take_inbox", "schedule": 15.0},
    "forget_imports": {"task": "forget_imports", "schedule": 3600.0},
    "remind_screenings": {"task": "remind_screenings", "schedule": 600.0},
}

TICKS = (
    "tasks.compare_imports",
    "tasks.deliver_notices",
    "tasks.escalate",
    "tasks.imports",
    "tasks.inbox",
    "tasks.relocate",
    "tasks.remind_screenings",
    "tasks.seal",
    "tasks.start_clocks",
    "tasks.train_categories",
    "tasks.undo_imports",
)
