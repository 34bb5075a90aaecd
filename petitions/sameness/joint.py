"""How an order ends whose parts have all ended. Pure."""

from collections.abc import Collection

from petitions.vocabulary import Ending

# From the most to the least favourable to whoever asked; the order names the worst that came of its parts.
FAVOUR: tuple[Ending, ...] = (
    Ending.SETTLED_BY_AGREEMENT,
    Ending.SOLVED,
    Ending.EXPLAINED,
    Ending.WITHDRAWN,
    Ending.FORWARDED,
    Ending.DIVERTED,
    Ending.RETURNED,
    Ending.DECLINED,
    Ending.VOID,
)


def joint_ending(endings: Collection[Ending]) -> Ending:
    """The least favourable of `endings`, so that an order is settled only if all its parts are.

    A void part is a mistake of the splitting and says nothing, unless all are. Raises ValueError for none.
    """
    said = {ending for ending in endings if ending is not Ending.VOID}
    return max(said or endings, key=FAVOUR.index)
