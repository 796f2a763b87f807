from __future__ import annotations

import os
from pathlib import Path

import pytest

from histoviewer.cli.naming import inputs_of, take_name
from histoviewer.patches.folder import FolderSource
from histoviewer.results.setting_aside import set_aside
from histoviewer.results.store import ResultStore
from tests.helpers.idc_like import write_idc_like
from tests.results.samples import facts


def named(out: Path, *folders: Path) -> list[str]:
    """NAME of each input of one call, and their runs begun."""
    out.mkdir(exist_ok=True)
    names = []
    for item in inputs_of(folders):
        columns = FolderSource(item.path, input_size=50, model_mpp=4.0).columns
        name = take_name(out, item)
        ResultStore.open(out / f"{name}.histo", columns, facts()).close()
        names.append(name)
    return names


@pytest.fixture
def twins(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of one name, other patches in them."""
    folders = tmp_path / "a" / "same", tmp_path / "b" / "same"
    for folder, patches in zip(folders, (2, 3), strict=True):
        write_idc_like(folder, patients=1, patches=patches)
    return folders


def test_whoever_comes_first_keeps_the_plain_name(twins: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = twins
    out = tmp_path / "out"
    assert named(out, a) == ["same"]
    (marked,) = named(out, b)
    assert marked.startswith("same-")
    assert named(out, b, a) == [marked, "same"]
    assert named(out, a, b) == ["same", marked]


def test_inputs_of_one_call_keep_their_marks_alone(twins: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = twins
    out = tmp_path / "out"
    names = named(out, a, b)
    assert all(name.startswith("same-") for name in names)
    assert [*named(out, a), *named(out, b)] == names


def test_other_patches_at_the_same_path_keep_the_name(twins: tuple[Path, Path], tmp_path: Path) -> None:
    a, _b = twins
    out = tmp_path / "out"
    assert named(out, a) == ["same"]
    write_idc_like(a, patients=2, patches=4)
    assert named(out, a) == ["same"]


def test_a_twin_of_the_same_times_does_not_get_the_others_answers(tmp_path: Path) -> None:
    a, b = tmp_path / "a" / "same", tmp_path / "b" / "same"
    for seed, folder in enumerate((a, b)):
        write_idc_like(folder, patients=2, patches=4, seed=seed)
        for path in folder.rglob("*.png"):
            path.write_bytes(path.read_bytes().ljust(20_000, b"\0"))
            os.utime(path, (1_700_000_000, 1_700_000_000))
    out = tmp_path / "out"
    out.mkdir()
    assert named(out, a) == ["same"]
    (marked,) = named(out, b)
    assert marked.startswith("same-")
    assert named(out, a) == ["same"]


def test_nobody_is_called_summary(tmp_path: Path) -> None:
    write_idc_like(tmp_path / "Summary", patients=1, patches=2)
    assert named(tmp_path / "out", tmp_path / "Summary")[0].startswith("Summary-")


def test_a_link_to_itself_has_a_name(tmp_path: Path) -> None:
    loop = tmp_path / "loop.svs"
    try:
        loop.symlink_to(loop)
    except OSError:
        pytest.skip("no links here")
    assert [item.plain for item in inputs_of([loop])] == ["loop"]


def test_what_sqlite_left_beside_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    for ending in ("", "-wal", ".damaged"):
        (tmp_path / f"x.histo{ending}").write_text(ending)
    assert set_aside(tmp_path / "x.histo").name == "x.histo.damaged2"
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["x.histo.damaged", "x.histo.damaged2", "x.histo.damaged2-wal"]
