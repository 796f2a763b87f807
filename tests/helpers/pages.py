"""HTML pages, read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "img", "br", "hr", "link", "input"}


@dataclass
class Page(HTMLParser):
    """What is on a page.

    Attributes:
        tables: each as rows of cells' texts.
        headings: texts of h1 and h2.
        links: every address that a browser would follow or fetch.
        warnings: texts of the boxes.
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _into: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.links += [value or "" for name, value in attributes if name in ("src", "href", "action")]
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self._begin(self.tables[-1][-1])
        elif tag in ("h1", "h2"):
            self._begin(self.headings)
        elif given.get("class") == "warning":
            self._begin(self.warnings)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes something else"
        if tag in ("th", "td", "h1", "h2", "p"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def _begin(self, texts: list[str]) -> None:
        texts.append("")
        self._into = texts

    def table_below(self, heading: str) -> list[list[str]]:
        """The first table whose first heading is this."""
        return next(table for table in self.tables if table[0][0] == heading)


def read_page(text: str) -> Page:
    """Fails where tags do not match."""
    page = Page()
    page.feed(text)
    page.close()
    assert not page._open
    return page
