"""No text that a user sees goes past the translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[2] / "histoviewer" / "gui"
PACKAGES = GUI.parent

TRANSLATING = {"tr", "_", "plural", "translate"}
SHOWING = {
    "QAction",
    "QCheckBox",
    "QDockWidget",
    "QGroupBox",
    "QLabel",
    "QMenu",
    "QMessageBox",
    "QPushButton",
    "QRadioButton",
    "QToolButton",
    "Dock",
    "EmptyText",
    "Section",
    "addAction",
    "addButton",
    "addItem",
    "addItems",
    "addMenu",
    "addRow",
    "addTab",
    "drawText",
    "setAccessibleDescription",
    "setAccessibleName",
    "setDetailedText",
    "setHeaderLabels",
    "setInformativeText",
    "setItemText",
    "setPlaceholderText",
    "setPrefix",
    "setStatusTip",
    "setSuffix",
    "setTabText",
    "setTabToolTip",
    "setText",
    "setTitle",
    "setToolTip",
    "setWhatsThis",
    "setWindowTitle",
    "show_failure",
    "show_note",
    "show_text",
    "window_action",
}
"""Calls whose literals are seen: Qt's, and ours that hand on to them."""
SAME_IN_EVERY_LANGUAGE = {"HistoViewer", "µm", "px", "mm", "mm²", "µm/px", "MiB"}
KEYS = re.compile(r"(?:(?:Ctrl|Shift|Alt)\+)*(?:[A-Z0-9+=,-]|F\d+|Esc|Tab|Left|Right|Up|Down)")


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literals(node: ast.AST) -> Iterator[str]:
    """Strings in an expression that reach its value: not what is translated, looked up or formatted by."""
    if isinstance(node, ast.Call) and called(node) in TRANSLATING:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.FormattedValue):
        yield from literals(node.value)
    elif isinstance(node, ast.Call):
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for part in (*inner, *node.args) if called(node) in {"format", "join"} else ():
            yield from literals(part)
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.List | ast.Tuple):
        for part in ast.iter_child_nodes(node):
            yield from literals(part)


def is_text(literal: str) -> bool:
    """Markup, numbers, signs, units, keys and names are no texts."""
    words = re.sub(r"<[^>]*>|[■✓ℹ⚠]", " ", literal).split()
    return any(
        re.search(r"[^\W\d_]", word) and word not in SAME_IN_EVERY_LANGUAGE and not KEYS.fullmatch(word)
        for word in words
    )


def calls(root: Path) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PACKAGES)}:{node.lineno}", node


def untranslated(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called(node) in SHOWING:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                found += [literal for literal in literals(argument) if is_text(literal)]
    return found


def test_no_literal_is_shown_in_the_window() -> None:
    found = {
        str(path.relative_to(PACKAGES)): untranslated(path.read_text(encoding="utf-8"))
        for path in sorted(GUI.rglob("*.py"))
    }
    assert len(found) > 100
    assert not {path: texts for path, texts in found.items() if texts}


def test_what_is_translated_is_a_literal_that_can_be_extracted() -> None:
    """No f-string, and nothing that is put together: neither lupdate nor Babel would find it."""
    wrong = []
    for place, node in calls(PACKAGES):
        is_painters = called(node) == "translate" and ast.unparse(node.func) != "QCoreApplication.translate"
        if called(node) not in TRANSLATING or is_painters:
            continue
        texts = node.args[:2] if called(node) in {"plural", "translate"} else node.args[:1]
        if not texts or not all(isinstance(t, ast.Constant) and isinstance(t.value, str) for t in texts):
            wrong.append(place)
    assert not wrong


@pytest.mark.parametrize(
    "source",
    [
        'label.setText("Open")',
        'label.setText(f"{count} patches")',
        'label.setText("{n} patches".format(n=3))',
        'box.addItems(["All", self.tr("None")])',
        'label.setText("Open" if a else self.tr("Close"))',
        'QLabel("Open " + name)',
        'QAction(text="Open")',
    ],
)
def test_a_text_past_the_translation_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        'label.setText(self.tr("Open"))',
        'label.setText(_("{n} patches").format(n=3))',
        'label.setText(f"{x} px")',
        'label.setText(name or texts["key"])',
        "label.setText('<b>×</b>')",
        'window_action(self, self.tr("Open"), slot, "Ctrl+Shift+O")',
        'box.setText("".join(parts))',
    ],
)
def test_what_needs_no_translation_is_let_be(source: str) -> None:
    assert not untranslated(source)
