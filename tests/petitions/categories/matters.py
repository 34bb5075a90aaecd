"""Made-up matters of three sorts, told apart by their words as real ones are."""

from random import Random

SORTS = {
    "路灯照明": ("路灯", "照明", "灯杆", "亮"),
    "噪音扰民": ("噪音", "音响", "吵闹", "轰鸣"),
    "环境卫生": ("垃圾", "清运", "异味", "保洁"),
}
_FILLED = "市民来电反映小区门口附近的情况希望有关部门尽快到现场核实处理并答复"


def matters(count: int, seed: int = 1) -> list[tuple[str, str, str]]:
    """Title, body and category of so many matters, a third of each sort."""
    random, names = Random(seed), list(SORTS)
    return [_matter(random, names[number % len(names)]) for number in range(count)]


def _matter(random: Random, sort: str) -> tuple[str, str, str]:
    words = SORTS[sort]
    start = random.randrange(len(_FILLED) - 12)
    body = _FILLED[start : start + 12] + random.choice(words) + "，" + random.choice(words) + "。"
    return f"{random.choice(words)}问题", body, sort
