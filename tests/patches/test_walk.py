"""The walk over folders: links, permissions, odd names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from histoviewer.patches.patch import MALIGNANT, UNKNOWN
from histoviewer.patches.walk import Unreadable, Walk
from tests.helpers.patch_folders import refuse_to_list, write_empty

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind"
)


def test_folders_come_level_by_level_in_natural_order(tmp_path: Path) -> None:
    for folder in ("p10", "p2/1", "p2/0", "p1"):
        write_empty(tmp_path / folder)
    assert [listing.folder for listing in Walk(tmp_path)] == ["", "p1", "p2", "p10", "p2/0", "p2/1"]


def test_the_patient_is_the_nearest_folder_that_is_no_class(tmp_path: Path) -> None:
    write_empty(tmp_path / "centre" / "anna" / "malignant")
    walked = {listing.folder: (listing.patient, listing.truth) for listing in Walk(tmp_path)}
    assert walked["centre/anna"] == ("anna", UNKNOWN)
    assert walked["centre/anna/malignant"] == ("anna", MALIGNANT)


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write_empty(tmp_path, "seen.png", ".hidden.png")
    write_empty(tmp_path / ".cache", "a.png")
    assert [(listing.folder, listing.names) for listing in Walk(tmp_path)] == [("", ["seen.png"])]


@needs_links
def test_links_that_form_a_loop_are_followed_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_empty(root / "a", "x.png")
    write_empty(tmp_path / "beside", "not mine.png")
    (root / "a" / "back").symlink_to(root)
    (root / "self").symlink_to("self")
    (root / "above").symlink_to(tmp_path)
    walk = Walk(root)
    assert [name for listing in walk for name in listing.names] == ["x.png"]
    assert [(one.path, one.kind) for one in walk.unreadable] == [("self", "link")]


@needs_links
def test_a_folder_is_walked_under_its_own_name_rather_than_a_links(tmp_path: Path) -> None:
    write_empty(tmp_path / "root" / "z", "x.png")
    write_empty(tmp_path / "elsewhere", "y.png")
    (tmp_path / "root" / "a").symlink_to(tmp_path / "root" / "z")
    (tmp_path / "root" / "b").symlink_to(tmp_path / "elsewhere")
    found = [(listing.folder, listing.names) for listing in Walk(tmp_path / "root") if listing.names]
    assert found == [("z", ["x.png"]), ("b", ["y.png"])]


@needs_links
def test_a_link_to_nowhere_is_reported(tmp_path: Path) -> None:
    (tmp_path / "gone.png").symlink_to(tmp_path / "nothing.png")
    walk = Walk(tmp_path)
    assert [listing.names for listing in walk] == [[]]
    assert walk.unreadable == [Unreadable("gone.png", "link", "No such file or directory")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_names_that_are_no_text_are_found_and_their_patient_can_be_read(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xd0 .png")).touch()
    walk = Walk(tmp_path)
    assert [(listing.patient, listing.names) for listing in walk][1:] == [(r"caf\udce9", ["\udcd0 .png"])]
    assert walk.unreadable == []


@needs_permissions
def test_a_folder_that_cannot_be_entered_is_reported(tmp_path: Path) -> None:
    write_empty(tmp_path / "closed", "x.png")
    (tmp_path / "closed").chmod(0)
    try:
        walk = Walk(tmp_path)
        assert [listing.folder for listing in walk] == ["", "closed"]
        assert walk.unreadable == [Unreadable("closed", "folder", "Permission denied")]
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_a_folder_that_the_system_refuses_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_empty(tmp_path / "closed", "x.png")
    write_empty(tmp_path / "open", "y.png")
    refuse_to_list(monkeypatch, "closed")
    walk = Walk(tmp_path)
    assert [name for listing in walk for name in listing.names] == ["y.png"]
    assert walk.unreadable == [Unreadable("closed", "folder", "Permission denied")]


def test_a_folder_that_vanishes_is_reported(tmp_path: Path) -> None:
    write_empty(tmp_path / "a")
    walk = Walk(tmp_path)
    for listing in walk:
        if not listing.folder:
            (tmp_path / "a").rmdir()
    assert walk.unreadable == [Unreadable("a", "folder", "No such file or directory")]


def test_a_root_that_cannot_be_listed_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        list(Walk(tmp_path / "nothing"))
