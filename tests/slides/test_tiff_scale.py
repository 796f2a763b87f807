from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tifffile import TiffFile, TiffWriter

from histoviewer.slides.geometry import Scale
from histoviewer.slides.tiff_scale import is_printing_default, tiff_scale

_PIXELS = np.zeros((8, 8), np.uint8)


def _scale_of(path: Path) -> Scale | None:
    with TiffFile(path) as tiff:
        return tiff_scale(tiff, tiff.pages.first)


def _written(folder: Path, *, ome: bool = False, imagej: bool = False, **page: Any) -> Path:
    path = folder / "a.tif"
    with TiffWriter(path, ome=ome, imagej=imagej) as writer:
        writer.write(_PIXELS, **page)
    return path


@pytest.mark.parametrize(
    ("size", "unit", "mpp"),
    [
        (0.25, None, 0.25),
        (250, "nm", 0.25),
        (0.00025, "mm", 0.25),
        (2500, "Å", 0.25),
        (0.25, "pixel", None),
        (0, "µm", None),
    ],
)
def test_ome_xml_gives_the_scale_in_its_unit(
    tmp_path: Path, size: float, unit: str | None, mpp: float | None
) -> None:
    metadata: dict[str, Any] = {"axes": "YX", "PhysicalSizeX": size, "PhysicalSizeY": size}
    if unit:
        metadata |= {"PhysicalSizeXUnit": unit, "PhysicalSizeYUnit": unit}
    scale = _scale_of(_written(tmp_path, ome=True, metadata=metadata))
    assert scale == (Scale(pytest.approx(mpp), "file tag") if mpp else None)


def test_pixels_that_are_not_square_have_their_mean(tmp_path: Path) -> None:
    metadata = {"axes": "YX", "PhysicalSizeX": 0.4, "PhysicalSizeY": 0.6}
    scale = _scale_of(_written(tmp_path, ome=True, metadata=metadata))
    assert scale is not None
    assert scale.mpp == pytest.approx(0.5)


def test_ome_xml_goes_before_the_resolution_tags(tmp_path: Path) -> None:
    metadata = {"axes": "YX", "PhysicalSizeX": 0.4, "PhysicalSizeY": 0.4}
    path = _written(
        tmp_path, ome=True, metadata=metadata, resolution=(20000, 20000), resolutionunit="CENTIMETER"
    )
    assert _scale_of(path) == Scale(0.4, "file tag")


@pytest.mark.parametrize(
    ("resolution", "unit", "mpp"),
    [
        (40000, "CENTIMETER", 0.25),
        (50800, "INCH", 0.5),
        (40000, "NONE", None),
        (72, "INCH", None),
        (96, "INCH", None),
        (300, "INCH", None),
        (118.11, "CENTIMETER", None),  # 300 dpi
        (25.4, "INCH", None),  # 1 mm
        (1, "CENTIMETER", None),
    ],
)
def test_resolution_tags_count_only_as_a_microscope_would_write_them(
    tmp_path: Path, resolution: float, unit: str, mpp: float | None
) -> None:
    path = _written(tmp_path, metadata=None, resolution=(resolution, resolution), resolutionunit=unit)
    assert _scale_of(path) == (Scale(pytest.approx(mpp), "file tag") if mpp else None)


def test_imagej_gives_the_scale_in_its_unit(tmp_path: Path) -> None:
    path = _written(tmp_path, imagej=True, resolution=(4, 4), metadata={"unit": "micron"})
    assert _scale_of(path) == Scale(pytest.approx(0.25), "file tag")


def test_a_tiff_without_any_of_it_has_no_scale(tmp_path: Path) -> None:
    assert _scale_of(_written(tmp_path, metadata=None)) is None


def test_round_micrometres_are_no_printing_default() -> None:
    assert not any(is_printing_default(mpp) for mpp in (0.25, 0.5, 1, 2, 4, 10, 20, 50, 100, 1000))
    assert is_printing_default(25400 / 600)


def _written_images(folder: Path, *images: tuple[int, float | None]) -> Path:
    """An OME-TIFF of square images, each of its side in pixels and its µm/px."""
    path = folder / "a.ome.tif"
    with TiffWriter(path, ome=True) as writer:
        for side, mpp in images:
            sizes = {f"PhysicalSize{axis}": mpp for axis in "XY"} if mpp else {}
            writer.write(np.zeros((side, side), np.uint8), metadata={"axes": "YX", **sizes})
    return path


@pytest.mark.parametrize(("index", "mpp"), [(0, 2.0), (1, 0.5), (2, None), (3, 0.25)])
def test_each_image_of_an_ome_tiff_has_its_own_scale(tmp_path: Path, index: int, mpp: float | None) -> None:
    path = _written_images(tmp_path, (8, 2.0), (16, 0.5), (16, None), (16, 0.25))
    with TiffFile(path) as tiff:
        assert tiff_scale(tiff, tiff.series[index].keyframe) == (Scale(mpp, "file tag") if mpp else None)


_HERE, _ELSEWHERE = "urn:uuid:a", "urn:uuid:b"


@pytest.mark.parametrize(
    "planes",
    [
        "<TiffData/>",
        '<TiffData FirstC="0"/>',
        '<TiffData PlaneCount="2"/>',
        '<TiffData IFD="0"/>',
        f'<TiffData IFD="0"><UUID FileName="name before.ome.tif">{_HERE}</UUID></TiffData>',
        f'<TiffData IFD="0"><UUID FileName="a.tif">{_ELSEWHERE}</UUID></TiffData>',
    ],
)
def test_the_image_that_lists_the_page_has_the_scale(tmp_path: Path, planes: str) -> None:
    images = [
        (16, 8, '<TiffData IFD="0"/>', 1.0),
        (8, 8, '<TiffData IFD="1"/>', 2.0),
        (8, 8, '<TiffData IFD="1" PlaneCount="5"/>', 3.0),
        (8, 8, f'<TiffData IFD="0"><UUID FileName="b.tif">{_ELSEWHERE}</UUID></TiffData>', 4.0),
        (8, 8, "", 5.0),
        (8, 8, '<TiffData IFD="first"/>', 6.0),
        (8, 8, planes, 0.5),
    ]
    described = "".join(
        f'<Image><Pixels SizeX="{width}" SizeY="{height}" PhysicalSizeX="{mpp}">{listed}</Pixels></Image>'
        for width, height, listed, mpp in images
    )
    xml = f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{_HERE}">{described}</OME>'
    assert _scale_of(_written(tmp_path, metadata=None, description=xml)) == Scale(0.5, "file tag")
