"""How the header of a group looks in the gallery, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPolygonF

from histoviewer.gui import colours
from histoviewer.gui.formatting import count_text, percent_text
from histoviewer.gui.gallery.gallery_contents import GalleryContents
from histoviewer.gui.gallery.gallery_groups import CLASSES, Group
from histoviewer.gui.theme import GRID
from histoviewer.patches.patch import BENIGN, MALIGNANT, UNKNOWN
from histoviewer.translation import _, plural

_ARROW = 4
_BAR, _BAR_FROM = 96, 640
"""Length of a share of one, and the width of a gallery with room for it; pixels."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class HeaderText:
    """What a header says, in columns that stand below each other in all headers.

    Attributes:
        name: of the group.
        count: how many patches it has.
        share: how many of those judged are malignant; "" where the group itself says it.
        rest: how many are judged, unless all or none.
        malignant: the share as a number, 0-1; None where nothing was judged, or the group itself says it.
    """

    name: str
    count: str
    share: str = ""
    rest: str = ""
    malignant: float | None = None

    @property
    def line(self) -> str:
        """All in one line."""
        facts = [self.count, " ".join(text for text in (self.share, self.rest) if text)]
        return f"{self.name}: {', '.join(fact for fact in facts if fact)}"


def header_text(contents: GalleryContents, group: int) -> HeaderText:
    """Name, patches, and the share of malignant ones among those judged."""
    assert contents.groups is not None
    key, size = int(contents.groups.keys[group]), int(contents.groups.sizes[group])
    name = _name(contents, key)
    patches = plural("{count} patch", "{count} patches", size).format(count=count_text(size))
    if contents.order.group is Group.CLASS or contents.is_blind:
        return HeaderText(name, patches)
    judged, malignant = contents.counts()[:, group].tolist()
    if not judged:
        return HeaderText(name, patches, _("not judged"))
    share = malignant / judged
    said = _("{share} malignant").format(share=percent_text(share))
    rest = "" if judged == size else _("of {count} judged").format(count=count_text(judged))
    return HeaderText(name, patches, said, rest, share)


def widest_name(contents: GalleryContents, metrics: QFontMetrics) -> int:
    """Pixels that the names of all groups need."""
    if contents.groups is None:
        return 0
    names = (_name(contents, key) for key in contents.groups.keys.tolist())
    return max((metrics.horizontalAdvance(name) for name in names), default=0)


def _name(contents: GalleryContents, key: int) -> str:
    assert contents.columns is not None
    if contents.order.group is Group.PATIENT:
        return contents.columns.patients[key]
    verdict = CLASSES[key]
    if contents.order.group is Group.TRUTH:
        return {
            MALIGNANT: _("Truth: malignant"),
            BENIGN: _("Truth: benign"),
            UNKNOWN: _("Truth unknown"),
        }[verdict]
    return {MALIGNANT: _("Malignant"), BENIGN: _("Benign"), UNKNOWN: _("Not judged")}[verdict]


class HeaderPainter:
    """Paints headers in one palette and font."""

    def __init__(self, palette: QPalette, font: QFont) -> None:
        self._palette = palette
        self._neutrals = colours.neutrals(palette)
        self._plain, self._bold = QFont(font), QFont(font)
        self._bold.setBold(True)
        plain = QFontMetrics(self._plain)
        longest = plural("{count} patch", "{count} patches", 0).format(count=count_text(888_888))
        self._count_width = plain.horizontalAdvance(longest)
        self._share_width = plain.horizontalAdvance(_("{share} malignant").format(share=percent_text(0.888)))

    @property
    def name_metrics(self) -> QFontMetrics:
        """Of the font of names."""
        return QFontMetrics(self._bold)

    @property
    def height(self) -> int:
        """Pixels, the same for all."""
        return self.name_metrics.height() + GRID

    def paint(
        self,
        painter: QPainter,
        place: QRect,
        text: HeaderText,
        *,
        name_width: int,
        is_closed: bool,
        is_current: bool,
    ) -> None:
        """``name_width``: pixels for names; ``is_current``: it hides the patch that keys start from."""
        painter.fillRect(place.adjusted(0, 0, 0, -1), self._palette.button())
        if is_current:
            painter.fillRect(place.left(), place.top(), GRID // 2, place.height() - 1, self._neutrals.accent)
        self._paint_arrow(painter, QPointF(2 * GRID, place.center().y() + 0.5), is_closed=is_closed)
        painter.setPen(self._palette.text().color())
        painter.setFont(self._bold)
        left = 3 * GRID + GRID // 2
        painter.drawText(place.adjusted(left, 0, 0, 0), _LEFT, text.name)
        painter.setFont(self._plain)
        painter.setPen(self._neutrals.faint_text)
        left += min(name_width, place.width() // 3)
        for column, width in ((text.count, self._count_width), (text.share, self._share_width)):
            left += 2 * GRID + width
            painter.drawText(place.adjusted(0, 0, left - place.width(), 0), _RIGHT, column)
        painter.drawText(place.adjusted(left + GRID // 2, 0, 0, 0), _LEFT, text.rest)
        if text.malignant is not None:
            self._paint_bar(painter, place, text.malignant)

    def _paint_bar(self, painter: QPainter, place: QRect, share: float) -> None:
        """The malignant share as a length, at the right end, where there is room for it."""
        if place.width() < _BAR_FROM:
            return
        bar = QRect(place.right() - 2 * GRID - _BAR, place.center().y() - 2, _BAR, 4)
        painter.fillRect(bar, self._neutrals.line)
        painter.fillRect(bar.adjusted(0, 0, round(share * _BAR) - _BAR, 0), colours.MALIGNANT)

    def _paint_arrow(self, painter: QPainter, middle: QPointF, *, is_closed: bool) -> None:
        """As in every tree: pointing right while closed, down while open."""
        ends = [QPointF(-_ARROW, -_ARROW / 2), QPointF(_ARROW, -_ARROW / 2), QPointF(0, _ARROW / 2)]
        turned = [QPointF(end.y(), end.x()) if is_closed else end for end in ends]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._neutrals.faint_text)
        painter.drawPolygon(QPolygonF([middle + end for end in turned]))
        painter.restore()
