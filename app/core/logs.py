"""What a log may say of an unexpected error."""


def kind_and_place(error: BaseException) -> str:
    """The kind of `error` and the line that raised it, such as `KeyError at …/places.py:12`.

    Never its message: that may quote a person's words, as a database does with the whole row it refused.
    """
    raised = getattr(error, "orig", None) or error
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    return f"{type(raised).__name__} at {place}"
