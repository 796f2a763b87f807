from pathlib import Path

import pytest

from histoviewer.errors import SourceError
from model_training.whole_folder import check_replaceable, replaced


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def fail_after_one_file(folder: Path) -> None:
    with replaced(folder) as draft:
        (draft / "card.json").write_text("new", encoding="utf-8")
        raise ZeroDivisionError


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name in ("card.json", "network-int8.xml", "network-int8.bin"):
        (folder / name).write_text("old", encoding="utf-8")
    return folder


def test_a_new_folder_takes_the_place_of_the_whole_older_one(bundle: Path) -> None:
    with replaced(bundle) as draft:
        (draft / "network-f16.xml").write_text("new", encoding="utf-8")
        assert "card.json" in contents(bundle)
    assert contents(bundle) == {"network-f16.xml": "new"}
    assert list(bundle.parent.iterdir()) == [bundle]


def test_a_failure_in_the_middle_leaves_what_was_there(bundle: Path) -> None:
    before = contents(bundle)
    with pytest.raises(ZeroDivisionError):
        fail_after_one_file(bundle)
    assert contents(bundle) == before
    assert list(bundle.parent.iterdir()) == [bundle]


def test_a_failure_where_nothing_was_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replaced(tmp_path / "a" / "bundle"):
        raise ZeroDivisionError
    assert not list((tmp_path / "a").iterdir())


def test_what_a_killed_run_left_does_not_stay(bundle: Path) -> None:
    before = contents(bundle)
    (bundle.parent / ".bundle.part").mkdir()
    (bundle.parent / ".bundle.part" / "card.json").touch()
    bundle.rename(bundle.parent / ".bundle.old")  # killed between the two renamings
    check_replaceable(bundle)
    assert contents(bundle) == before
    assert list(bundle.parent.iterdir()) == [bundle]


def test_what_is_not_a_bundles_is_not_replaced(bundle: Path) -> None:
    (bundle / "notes.txt").touch()
    with pytest.raises(SourceError, match=r"something else than a bundle \(notes\.txt\)"):
        check_replaceable(bundle)
    (bundle.parent / "file").touch()
    with pytest.raises(SourceError, match="Cannot make the folder"):
        check_replaceable(bundle.parent / "file")
    with pytest.raises(SourceError, match="Cannot make the folder"):
        check_replaceable(bundle.parent / "file" / "bundle")
    assert (bundle / "notes.txt").exists()
