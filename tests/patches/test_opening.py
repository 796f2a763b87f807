"""What a path is: a folder of patches, a slide, one patch, or nothing to judge."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tifffile

from histoviewer.errors import ScaleError, ScaleUnknownError, SourceError
from histoviewer.patches import opening, scan
from histoviewer.patches.folder import FolderSource
from histoviewer.patches.grid import SlideSource
from histoviewer.patches.opening import expand_paths, open_source
from histoviewer.patches.stamp import File, look_at_all
from histoviewer.slides.geometry import Scale
from histoviewer.slides.opening import open_slide
from tests.helpers.patch_folders import idc_name, painted, refuse_to_list, write_empty, write_patch
from tests.helpers.stained import EOSIN, glass, put


def opened(path: Path, **options: object) -> FolderSource | SlideSource:
    return open_source(path, input_size=50, model_mpp=4.0, **options)  # type: ignore[arg-type]


def write_slide(path: Path, *, mpp: float | None = 1.0) -> Path:
    """A tiled TIFF with tissue on its right half; without ``mpp`` it does not tell its scale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = glass(800, 400)
    put(pixels, 400, 0, 400, 400, EOSIN)
    scale = {"resolution": (10_000 / mpp, 10_000 / mpp), "resolutionunit": "CENTIMETER"} if mpp else {}
    tifffile.imwrite(path, pixels, tile=(128, 128), photometric="rgb", **scale)
    return path


def test_a_folder_of_images_is_a_folder_source(tmp_path: Path) -> None:
    write_patch(tmp_path / "p", "a.png")
    source = opened(tmp_path, mpp=4.0)
    assert isinstance(source, FolderSource)
    assert source.scale == Scale(4.0, "user")


def test_a_slide_is_gridded_as_asked(tmp_path: Path) -> None:
    path = write_slide(tmp_path / "slide.tif")
    source = opened(path, stride=25)
    assert isinstance(source, SlideSource)
    assert (source.stride, source.path) == (100.0, path)
    assert source.columns.x.min() >= 200
    everything = opened(path, tissue_only=False)
    assert len(everything.columns) == 8
    source.close()
    everything.close()


def test_a_slide_without_scale_needs_mpp(tmp_path: Path) -> None:
    path = write_slide(tmp_path / "slide.tif", mpp=None)
    with pytest.raises(ScaleUnknownError, match=r"slide\.tif does not say its µm/px"):
        opened(path)
    assert opened(path, mpp=2.0).scale == Scale(2.0, "user")
    with pytest.raises(ScaleError, match="too coarse"):
        opened(path, mpp=9.0)


@pytest.mark.parametrize("name", ["cell.png", "cell.jpg", "cell.tif", idc_name()])
@pytest.mark.parametrize(("width", "height"), [(50, 50), (1, 1), (50, 7)])
def test_a_picture_no_larger_than_a_patch_is_one(tmp_path: Path, name: str, width: int, height: int) -> None:
    source = opened(write_patch(tmp_path, name, painted(width, height)))
    assert isinstance(source, FolderSource)
    assert len(source.columns) == 1


def test_a_larger_picture_is_a_slide_whatever_its_name(tmp_path: Path) -> None:
    path = write_patch(tmp_path, idc_name(), painted(120, 60))
    with pytest.raises(ScaleUnknownError):
        opened(path)
    assert isinstance(opened(path, mpp=4.0), SlideSource)


def test_a_broken_patch_is_a_failure_not_an_error(tmp_path: Path) -> None:
    path = tmp_path / idc_name()
    path.touch()
    source = opened(path)
    assert source.read(source.blocks()[0]).failures == {0: "the file is empty"}


@pytest.mark.parametrize("name", ["nothing", "nothing.png", "nothing.svs", idc_name()])
def test_a_missing_path_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=f"{name}: No such file"):
        opened(tmp_path / name)


@pytest.mark.parametrize(("name", "content"), [("a.svs", b"text"), ("a.txt", b"text"), ("a.png", b"")])
def test_what_is_no_slide_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=name) as refused:
        opened(tmp_path / name)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among the files")
@pytest.mark.parametrize("act", [opened, expand_paths])
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path, act: object) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        act(tmp_path / "pipe.png")  # type: ignore[operator]


def test_a_folder_of_slides_is_to_be_opened_slide_by_slide(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs")
    with pytest.raises(SourceError, match="holds 1 whole slides"):
        opened(tmp_path)


def test_a_batch_over_a_folder_of_slides_means_each_of_them(tmp_path: Path) -> None:
    write_empty(tmp_path, "b10.svs", "b9.ndpi", "c.tif", "label.png", "notes.txt", ".hidden.svs")
    write_empty(tmp_path / "more", "d.mrxs", "e.ome.tiff")
    write_empty(tmp_path / "more" / "d", "Slidedat.ini", "Data0000.dat")
    write_empty(tmp_path / "pictures", "f.tif")
    found = [path.relative_to(tmp_path).as_posix() for path in expand_paths(tmp_path)]
    assert found == ["b9.ndpi", "b10.svs", "c.tif", "more/d.mrxs", "more/e.ome.tiff"]


def test_a_batch_over_slides_passes_over_their_heat_maps(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs")
    write_empty(tmp_path / "out", "a.heatmap.png", idc_name(suffix=".heatmap.png"))
    assert expand_paths(tmp_path) == [tmp_path / "a.svs"]


@pytest.mark.parametrize(("width", "height"), [(50, 50), (200, 100)])
def test_a_heat_map_that_is_asked_for_opens_as_a_picture(tmp_path: Path, width: int, height: int) -> None:
    path = write_patch(tmp_path, "a.heatmap.png", painted(width, height))
    assert expand_paths(path) == [path]
    source = opened(path, mpp=4.0)
    assert isinstance(source, SlideSource)
    source.close()


def test_a_batch_over_slides_and_patches_means_both(tmp_path: Path) -> None:
    write_empty(tmp_path, "a.svs")
    write_empty(tmp_path / "patches", idc_name(suffix=".tif"))
    assert expand_paths(tmp_path) == [tmp_path / "a.svs", tmp_path]


def test_a_plain_tiff_that_is_judged_as_a_slide_is_no_patch_beside_patches(tmp_path: Path) -> None:
    write_patch(tmp_path, idc_name())
    slide = tmp_path / "slide.tiff"
    tifffile.imwrite(slide, glass(1600, 1200), photometric="rgb")
    assert expand_paths(tmp_path) == [slide, tmp_path]
    assert list(opened(tmp_path).columns.files) == [idc_name()]


def test_a_batch_over_anything_else_means_itself(tmp_path: Path) -> None:
    write_empty(tmp_path / "patches", "a.png", "b.tif")
    for path in (tmp_path, tmp_path / "patches" / "a.png", tmp_path / "missing"):
        assert expand_paths(path) == [path]


def test_a_batch_over_tiffs_alone_means_slides_where_they_are_larger_than_patches(tmp_path: Path) -> None:
    pixels = glass(1300, 40)
    for name in ("10.tif", "9.tiff"):
        (tmp_path / "slides").mkdir(exist_ok=True)
        tifffile.imwrite(tmp_path / "slides" / name, pixels, photometric="rgb")
    write_patch(tmp_path / "patches", "a.tif")
    assert expand_paths(tmp_path / "slides") == [tmp_path / "slides" / name for name in ("9.tiff", "10.tif")]
    assert expand_paths(tmp_path / "patches") == [tmp_path / "patches"]


@pytest.mark.data
def test_the_files_of_one_dicom_series_are_one_slide(slides_folder: Path, tmp_path: Path) -> None:
    content = (slides_folder / "camelyon_multiframe.dcm").read_bytes()
    for name in ("level0.dcm", "level1.dcm"):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "broken.dcm").write_bytes(b"no")
    assert [path.name for path in expand_paths(tmp_path)] == ["broken.dcm", "level0.dcm"]


@pytest.mark.data
def test_every_awkward_slide_opens_or_says_why(slides_folder: Path) -> None:
    said = {}
    for path in expand_paths(slides_folder):
        try:
            with_scale = opened(path)
            said[path.name] = str(len(with_scale.columns))
            with_scale.close()
        except SourceError as error:
            said[path.name] = type(error).__name__ if str(path) in str(error) else "names no file"
    count = int(said.pop("CMU-1-Small-Region.svs"))
    assert 24 <= count <= 30
    assert said == {
        "TCGA-CR-7395-01A-01-TS1.svs": "ScaleUnknownError",
        "camelyon_multiframe.dcm": "ScaleError",
        "fluorescence_dapi.ndpi": "0",
        "kidney-48-5.tif": "ScaleUnknownError",
        "pathml_small_dicom.dcm": "SourceError",
        "pathml_smalltif.tif": "ScaleUnknownError",
        "tiny_pyramid.tif": "ScaleUnknownError",
    }


def test_the_pixels_of_a_picture_slide_are_read(tmp_path: Path) -> None:
    path = write_slide(tmp_path / "slide.tif", mpp=4.0)
    source = opened(path)
    read = source.read(source.blocks()[0])
    assert read.pixels.shape[1:] == (50, 50, 3)
    assert np.abs(read.pixels.mean(axis=(0, 1, 2)) - EOSIN).max() < 3
    source.close()


class StoppedError(Exception):
    """Whoever opened the folder does not want it any more."""


def test_opening_a_folder_tells_how_far_it_is_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(scan, "_LOOKED_AT", 1)
    for i in range(5):
        write_empty(tmp_path / "p", f"{i}.png")
    told: list[int] = []
    assert len(opened(tmp_path, progress=told.append).columns) == 5
    assert told == sorted(told)
    assert told[-1] == 5

    def stop(found: int) -> None:
        if found == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        opened(tmp_path, progress=stop)


def test_opening_a_slide_can_be_stopped_and_then_closes_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slide = open_slide(write_slide(tmp_path / "slide.tif"))
    closed: list[bool] = []
    monkeypatch.setattr(slide, "close", lambda: closed.append(True))
    monkeypatch.setattr(opening, "open_slide", lambda *_, **__: slide)
    told: list[int] = []
    opened(slide.path, progress=told.append)
    assert set(told) == {0}
    assert not closed

    def stop(_count: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        opened(slide.path, progress=stop)
    assert closed == [True]
    monkeypatch.undo()
    slide.close()


def test_progress_is_told_about_ten_times_a_second_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are looked at in one go: each takes a hundredth here, as on a slow share."""
    write_empty(tmp_path, *(f"{i}.png" for i in range(100)))
    seconds = 0.0

    def look_slowly(files: Sequence[File]) -> tuple[list[int], list[int]]:
        nonlocal seconds
        seconds += len(files) / 100
        return look_at_all(files)

    monkeypatch.setattr(scan, "look_at_all", look_slowly)
    monkeypatch.setattr(scan.time, "monotonic", lambda: seconds)
    told: list[int] = []
    opened(tmp_path, progress=told.append)
    assert 5 <= len(told) <= 11


def test_a_share_that_becomes_slow_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system knows already answers at once, the rest takes a hundredth of a second each."""
    write_empty(tmp_path, *(f"{i}.png" for i in range(3000)))
    looked = 0
    seconds = 0.0
    waits: list[float] = []

    def look(files: Sequence[File]) -> tuple[list[int], list[int]]:
        nonlocal looked, seconds
        looked += len(files)
        waits.append(len(files) / 100 if looked > 2000 else 0.0)
        seconds += waits[-1]
        return look_at_all(files)

    monkeypatch.setattr(scan, "look_at_all", look)
    monkeypatch.setattr(scan.time, "monotonic", lambda: seconds)
    opened(tmp_path, progress=lambda _count: None)
    assert max(waits) < 6


def test_what_cannot_be_opened_beside_slides_is_an_input_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_slide(tmp_path / "a.svs")
    write_empty(tmp_path / "closed")
    refuse_to_list(monkeypatch, "closed")
    assert expand_paths(tmp_path) == [tmp_path / "a.svs", tmp_path / "closed"]
    with pytest.raises(SourceError, match="closed: Permission denied"):
        opened(tmp_path / "closed")


def test_patches_beside_slides_name_themselves_what_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_slide(tmp_path / "a.svs")
    write_patch(tmp_path / "p", idc_name())
    write_empty(tmp_path / "closed")
    refuse_to_list(monkeypatch, "closed")
    assert expand_paths(tmp_path) == [tmp_path / "a.svs", tmp_path]
    assert "closed (Permission denied)" in opened(tmp_path).problems[0]
