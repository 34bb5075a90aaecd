"""A notice on 2027 as it might be written; none has been published, and its days are made up."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.calendar.reading import read
from app.calendar.service import load_year, version_of

YEAR = 2027
NUMBER = "国办发明电〔2026〕999号"
ARRANGEMENTS = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月5日（周一）放假，与周末连休。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""
NOTICE = f"""关于{YEAR}年部分节假日安排的通知
{NUMBER}
各街道：
现将{YEAR}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的安排通知如下。
{ARRANGEMENTS}
节假日期间，请安排好值班。
2026年11月5日"""


def load_notice(session: Session, now: datetime, text: str = NOTICE, reason: str = "") -> None:
    """Load the year of a notice as whoever owns the machine does."""
    reading = read(text)
    confirmed = version_of(session, reading.year)
    load_year(session, reading, confirmed=confirmed, reason=reason, actor=OPERATOR, now=now)
