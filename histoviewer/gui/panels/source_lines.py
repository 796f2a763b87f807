"""Paints the lines of the list of sources."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from histoviewer.gui.colours import neutrals
from histoviewer.gui.formatting import count_text, percent_text
from histoviewer.gui.open_source import OpenSource
from histoviewer.gui.panels.source_state import Line
from histoviewer.gui.theme import GRID

SOURCE_ROLE = Qt.ItemDataRole.UserRole
SLIDE_ROLE = Qt.ItemDataRole.UserRole + 1
LINE_ROLE = Qt.ItemDataRole.UserRole + 2

PICTURE = 5 * GRID
"""px; the longer side of a source's picture."""

_BAR = 4
"""px; thickness of the progress bar."""

_COMMON_SHARE = percent_text(0.888)

_FAINT = 0.72
"""Opacity of what is said beside the name, on the ground of the selection."""

Index = QModelIndex | QPersistentModelIndex
Pictures = Callable[[OpenSource], QPixmap | None]


class SourceLines(QStyledItemDelegate):
    """A source is its picture, its name and below that its state and share; a slide of it is one line."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(SLIDE_ROLE) is None:
            return QSize(PICTURE, PICTURE + GRID)
        return QSize(PICTURE, max(3 * GRID, option.fontMetrics.height() + GRID))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line | None = index.data(LINE_ROLE)
        if line is None:
            return
        painter.save()
        pen = _Pen(painter, option)
        pen.fill()
        if index.data(SLIDE_ROLE) is None:
            pen.source(line, self._pictures(index.data(SOURCE_ROLE)))
        else:
            pen.slide(line)
        painter.restore()


class _Pen:
    """Paints one line: where things are, and in which colours."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        self._painter = painter
        self._option = option
        palette: QPalette = option.palette
        state = option.state
        self._is_selected = bool(state & QStyle.StateFlag.State_Selected)
        self._neutrals = neutrals(palette)
        role = QPalette.ColorRole.HighlightedText if self._is_selected else QPalette.ColorRole.Text
        self._ink = palette.color(role)
        self._faint = QColor(self._ink) if self._is_selected else self._neutrals.faint_text
        if self._is_selected:
            self._faint.setAlphaF(_FAINT)
        self._font: QFont = option.font
        self._small = QFont(self._font)
        self._small.setPointSizeF(self._font.pointSizeF() * 0.85)
        rect: QRect = option.rect
        self._rect = rect.adjusted(GRID // 2, 0, -GRID // 2, 0)

    def fill(self) -> None:
        """The ground, as the style has it for what is selected or under the mouse."""
        widget = self._option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, self._option, self._painter, widget)

    def source(self, line: Line, picture: QPixmap | None) -> None:
        """Picture, name; state and share."""
        rect = self._rect
        frame = QRect(rect.left(), rect.top() + (rect.height() - PICTURE) // 2, PICTURE, PICTURE)
        self._picture(frame, picture)
        text = QRect(frame.right() + 1 + GRID, frame.top(), 0, PICTURE // 2)
        text.setRight(rect.right())
        self._text(text, line.name, self._font, self._ink, elide=Qt.TextElideMode.ElideMiddle)
        text.translate(0, PICTURE // 2)
        left = self._right(text, line.share)
        if line.progress is not None:
            self._bar(left, line.progress)
        else:
            fits = QFontMetrics(self._small).horizontalAdvance(line.state) <= left.width()
            self._text(left, line.state if fits else line.brief, self._small, self._faint)

    def slide(self, line: Line) -> None:
        """Name; patches where there is room, and share."""
        left = self._right(self._rect, line.share)
        name = QFontMetrics(self._font).horizontalAdvance(line.name) + GRID
        count = count_text(line.patches)
        room = left.width() - name
        if QFontMetrics(self._small).horizontalAdvance(count) <= room:
            self._text(left, count, self._small, self._faint, align=Qt.AlignmentFlag.AlignRight)
            left.setWidth(name)
        self._text(left, line.name, self._font, self._ink, elide=Qt.TextElideMode.ElideMiddle)

    def _right(self, rect: QRect, share: str) -> QRect:
        """Write the share at the right end of a rectangle; what is left of it."""
        self._text(rect, share, self._font, self._ink, align=Qt.AlignmentFlag.AlignRight)
        metrics = QFontMetrics(self._font)
        # What stands before the shares stands below each other, however many digits they have.
        width = max(map(metrics.horizontalAdvance, (share, _COMMON_SHARE))) if share else 0
        return rect.adjusted(0, 0, -width - GRID, 0) if width else rect

    def _text(
        self,
        rect: QRect,
        text: str,
        font: QFont,
        colour: QColor,
        *,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._painter.setFont(font)
        self._painter.setPen(colour)
        shown = QFontMetrics(font).elidedText(text, elide, rect.width())
        self._painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)

    def _picture(self, frame: QRect, picture: QPixmap | None) -> None:
        if picture is None or picture.isNull():
            self._painter.fillRect(frame, self._neutrals.surround)
        else:
            size = picture.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._painter.drawPixmap(place, picture)
            frame = place
        self._painter.setPen(self._neutrals.line)
        self._painter.drawRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5))

    def _bar(self, rect: QRect, progress: float) -> None:
        bar = QRect(rect.left(), rect.center().y() - _BAR // 2 + 1, max(0, rect.width()), _BAR)
        track = QColor(self._ink)
        track.setAlphaF(0.25)
        self._painter.fillRect(bar, track)
        bar.setWidth(round(bar.width() * progress))
        self._painter.fillRect(bar, self._ink if self._is_selected else self._neutrals.accent)
