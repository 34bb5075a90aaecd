"""Whose turn it is: every server has the same share of a tick, however slowly it answers."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from app.notices.outbox import Due


def in_turns(due: Iterable[Due], seconds: Callable[[], float]) -> Iterator[Due]:
    """The receivers, always one of the server that has taken the least time so far.

    `seconds` is a clock; the time between one receiver and the next is put down to the first one's server.
    """
    queues: dict[str, deque[Due]] = {}
    for each in due:
        queues.setdefault(each.server, deque()).append(each)
    spent = dict.fromkeys(queues, 0.0)
    while queues:
        server = min(queues, key=spent.__getitem__)
        began = seconds()
        yield queues[server].popleft()
        spent[server] += seconds() - began
        if not queues[server]:
            del queues[server]
