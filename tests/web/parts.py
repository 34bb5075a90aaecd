"""What a page must be: one title, no id twice, every label has its field, every POST form its token."""

from html.parser import HTMLParser


class PageParser(HTMLParser):
    """Reads a page and keeps what the checks need."""

    def __init__(self) -> None:
        super().__init__()
        self.titles = 0
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.tokens: list[int] = []
        self.inline_scripts = 0
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label" and "for" in given:
            self.labels.append(given["for"])
        if tag == "title":
            self.titles += 1
        if tag == "form":
            self.forms.append(given)
        if tag == "input" and given.get("name") == "csrf_token":
            self.tokens.append(len(self.forms) - 1)
        self._note_sources(tag, given)

    def _note_sources(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and "src" not in given:
            self.inline_scripts += 1
        if any(name.startswith("on") for name in given):
            self.inline_scripts += 1
        if tag in ("script", "link", "img") and given.get("src", given.get("href", "")).startswith("http"):
            self.outside.append(tag)


def faults(html: str) -> list[str]:
    """What is wrong with a page; nothing for a good one."""
    page = PageParser()
    page.feed(html)
    found = [] if page.titles == 1 else [f"{page.titles} titles"]
    found += [f"id {name} twice" for name in set(page.ids) if page.ids.count(name) > 1]
    found += [f"label for missing {name}" for name in page.labels if name not in page.ids]
    for index, form in enumerate(page.forms):
        if not form.get("action"):
            found.append(f"form {index} without action")
        if form.get("method") == "post" and index not in page.tokens:
            found.append(f"form to {form.get('action')} without token")
    found += ["script inside the page"] * bool(page.inline_scripts) + page.outside
    return found
