"""One address read and matched at a time, against 50,000 lanes and compounds, in every way people write."""

from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from time import perf_counter

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from benchmarks.result import Measure, Result, at_most
from grid.locating.address import read
from grid.locating.divisions import division_names
from grid.locating.lexicon import Lexicon, Name, NameKind
from grid.locating.likeness import Likenesses
from grid.locating.numerals import plain

FIRST = "锦瑞嘉隆裕荣恒泰宏朗汇培启沛澄冠昌凌棠莲翠碧金御紫雅悦丽海江美信星鸿银天君龙福永盛富康乐文景光华"
SECOND = "和安源兴祥宁德丰顺明桥湾岗塘园湖云澜林城泉庭桂枫岭川珑晖苑岸筑石松柏梅兰竹菊春秋月山水田"
KINDS = {
    NameKind.LANE: ("路", "街", "巷", "大道", "东路", "西路", "一巷", "二巷"),
    NameKind.PLACE: ("花园", "新村", "大厦", "市场"),
}
WAYS = (
    "江门市蓬江区环市街道{name}12号",
    "环市街{name}１０５号之二",
    "{name}第一百零五号3栋2单元502室",
    "{name}12-18号对面",
    "投诉：{name}与{other}交叉口的路灯不亮",
    "我住在{name}隔壁",
)
STORY = (
    "来电人反映楼上邻居半夜装修噪音扰民，多次沟通没有结果，物业也不管，希望有关部门尽快派人到现场核实处理并回复。"
    * 8
)
MOST_SECONDS = 0.002
TRIED = 3_000


def measure(size: int = 50_000) -> Iterator[Result]:
    """`size` names; each address is new, so that nothing is answered from memory."""
    rng = Random(size)
    names = _names(size, rng)
    known = [*((plain(text), name) for text, name in names), *division_names(("440703006", "环市街道"), ())]
    lexicon, likenesses = Lexicon(known), Likenesses(known)
    texts = [text for text, _ in names]
    # Every way is measured with names that are there, and with one character of each written wrongly.
    right = [_written(way, rng.choice(texts), rng.choice(texts)) for way in islice(cycle(WAYS), TRIED)]
    wrong = [_written(way, _misspelt(rng.choice(texts), rng), "") for way in islice(cycle(WAYS), TRIED)]
    stories = [f"{index}{STORY}{rng.choice(texts)}" for index in range(TRIED // 10)]
    aim = Measure(MOST_SECONDS * 1000, "ms")
    for what, addresses in (("as it is called", right), ("misspelt", wrong), ("500 characters", stories)):
        spent = _timed(addresses, lexicon, likenesses)
        yield at_most(f"an address among {size:,} names, {what}", spent, aim, 1.0)
    scanned = _scan(texts, rng)
    spent = _timed(wrong, lexicon, likenesses)
    yield at_most(f"a misspelt name among {size:,}, and by reading the list", spent, scanned, 0.5)


def _timed(addresses: list[str], lexicon: Lexicon, likenesses: Likenesses) -> Measure:
    """The mean time of one address, in milliseconds."""
    start = perf_counter()
    for address in addresses:
        read(address, lexicon, likenesses)
    return Measure((perf_counter() - start) / len(addresses) * 1000, "ms")


def _scan(texts: list[str], rng: Random) -> Measure:
    """What rapidfuzz alone takes for one name over the whole list."""
    asked = [_misspelt(rng.choice(texts), rng) for _ in range(100)]
    start = perf_counter()
    for name in asked:
        process.extract(name, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=0.6, limit=5)
    return Measure((perf_counter() - start) / len(asked) * 1000, "ms")


def _names(size: int, rng: Random) -> list[tuple[str, Name]]:
    found: dict[str, Name] = {}
    while len(found) < size:
        stem = rng.choice(FIRST) + "".join(rng.choices(SECOND, k=rng.choice((1, 1, 2))))
        kind = rng.choice(list(KINDS))
        found.setdefault(stem + rng.choice(KINDS[kind]), Name(kind, len(found)))
    return list(found.items())


def _written(way: str, name: str, other: str) -> str:
    return way.format(name=name, other=other)


def _misspelt(name: str, rng: Random) -> str:
    return name[0] + rng.choice("合鞍圆星翔凝得风名侨弯唐元胡") + name[2:]
