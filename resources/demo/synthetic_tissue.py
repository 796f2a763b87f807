"""Where which tissue lies on the generated demo slide: layout, glands, fibres, fat cells, tumour nests.

Positions are level-0 pixels, which are µm (the slide has 1 µm/px). A field is a float32 array over the
whole slide at any resolution; ``sample`` looks it up by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

Field = NDArray[np.float32]
Points = NDArray[np.float64]
"""Rows of x, y."""
Floats = NDArray[np.floating]
Shape = tuple[int, int]
"""Height, width."""

COARSE, FIBRE = 8, 2
"""Level-0 pixels to one pixel of the layout, and of fibres, fat and nests."""


class Ellipse(NamedTuple):
    """A part of the layout, as fractions of the slide's width and height."""

    x: float
    y: float
    radius_x: float
    radius_y: float
    strength: float = 1.0


class Round(NamedTuple):
    """Place of a lobule, duct or vessel: x, y as fractions of the slide, the rest as in ``Gland``."""

    x: float
    y: float
    radius: float
    stretch: float = 1.0
    angle: float = 0.0


TISSUE = (
    Ellipse(0.36, 0.47, 0.30, 0.40),
    Ellipse(0.66, 0.52, 0.30, 0.42),
    Ellipse(0.50, 0.50, 0.42, 0.34),
    Ellipse(0.22, 0.64, 0.18, 0.25),
)
FAT = (
    Ellipse(0.16, 0.66, 0.22, 0.30),
    Ellipse(0.40, 0.93, 0.34, 0.17),
    Ellipse(0.58, 0.06, 0.18, 0.13, 0.8),
    Ellipse(0.95, 0.40, 0.10, 0.20, 0.8),
)
TUMOURS = (
    Ellipse(0.67, 0.57, 0.185, 0.225),
    Ellipse(0.36, 0.75, 0.090, 0.095, 0.9),
    Ellipse(0.72, 0.19, 0.075, 0.070, 0.75),
)
LYMPHOCYTES = (Ellipse(0.495, 0.415, 0.034, 0.040), Ellipse(0.815, 0.775, 0.05, 0.022, 0.8))
LOBULES = (Round(0.30, 0.27, 260), Round(0.47, 0.19, 190), Round(0.46, 0.56, 170))
DUCTS = (
    Round(0.385, 0.40, 95, 1.25, 0.6),
    Round(0.33, 0.385, 55, 1.2, 0.2),
    Round(0.365, 0.335, 42, 1.4, -0.9),
    Round(0.425, 0.355, 48, 1.1, 0.3),
    Round(0.20, 0.37, 75, 1.5, -0.5),
    Round(0.165, 0.335, 45, 1.2, 0.3),
    Round(0.57, 0.28, 60, 1.3, 1.0),
    Round(0.535, 0.245, 38, 1.1),
    Round(0.80, 0.86, 70, 1.4, 0.1),
    Round(0.75, 0.865, 40, 1.2, 0.7),
    Round(0.885, 0.63, 52, 1.4, 1.2),
)
VESSELS = (
    Round(0.43, 0.30, 52, 1.3, 0.9),
    Round(0.26, 0.49, 36, 1.5, -0.3),
    Round(0.53, 0.80, 62, 1.3, 0.4),
    Round(0.84, 0.30, 40, 1.6, 1.2),
    Round(0.555, 0.83, 30, 1.2, 0.1),
    Round(0.30, 0.08, 30, 1.9, 0.5),
    Round(0.92, 0.72, 28, 2.0, 1.3),
)


@dataclass(frozen=True)
class Gland:
    """A duct, an acinus or a vessel, cut across: a wall around a lumen.

    Attributes:
        x, y: centre.
        radius, wall: µm.
        stretch: how much longer it is, along ``angle``, and narrower across.
        phases: of the waves of its outline.
        content: eosin in the lumen (secretion, blood).
        is_vessel: muscle around blood, rather than epithelium around a lumen.
    """

    x: float
    y: float
    radius: float
    wall: float
    stretch: float
    angle: float
    phases: Sequence[float]
    content: float = 0.0
    is_vessel: bool = False

    def outline(self, theta: Floats) -> Floats:
        """Outer radius in a direction, before stretching."""
        p, q, r = self.phases
        waves = 0.10 * np.cos(2 * theta + p) + 0.08 * np.cos(3 * theta + q) + 0.06 * np.cos(5 * theta + r)
        return np.asarray(self.radius * (1 + waves))

    def polar(self, x: Field, y: Field) -> tuple[Field, Field]:
        """Radius and direction of positions in the gland's own, unstretched frame."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        along = ((x - self.x) * cos + (y - self.y) * sin) / self.stretch
        across = ((y - self.y) * cos - (x - self.x) * sin) * self.stretch
        return np.hypot(along, across), np.arctan2(across, along)

    def place(self, radius: Floats, theta: Floats) -> Points:
        """Positions of polar ones."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        along, across = radius * np.cos(theta) * self.stretch, radius * np.sin(theta) / self.stretch
        return np.stack([self.x + along * cos - across * sin, self.y + along * sin + across * cos], axis=-1)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where which tissue lies; fields are positive inside and fall off to about -1 outside.

    Attributes:
        shape: height and width of level 0.
        tissue, fat, tumour, lymphocytes: at COARSE resolution.
        loose: coarse, 1 in the pale tissue around glands, 0 away from them.
        flow: direction of the collagen, coarse unit vectors, components x and y.
    """

    shape: Shape
    tissue: Field
    fat: Field
    tumour: Field
    lymphocytes: Field
    loose: Field
    flow: tuple[Field, Field]


def resize(field: Field, shape: Shape) -> Field:
    """A field at another resolution; smooth between its samples."""
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.array(picture.resize(shape[::-1], Image.Resampling.BICUBIC))


def sample(field: Field, at: Points, shape: Shape) -> Field:
    """Values of a field at positions on a slide of ``shape``."""
    rows = (at[:, 1] * field.shape[0] / shape[0]).astype(int)
    columns = (at[:, 0] * field.shape[1] / shape[1]).astype(int)
    return np.asarray(field[rows, columns])


def reduced(shape: Shape, factor: int) -> Shape:
    return -(-shape[0] // factor), -(-shape[1] // factor)


def noise(rng: np.random.Generator, shape: Shape, scale: float, octaves: int = 1) -> Field:
    """Smooth noise of about unit deviation; bumps about ``scale`` pixels of ``shape`` wide."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        step = max(scale / 2**octave, 1.0)
        grid = (int(shape[0] / step) + 4, int(shape[1] / step) + 4)
        white = rng.standard_normal(grid, dtype=np.float32)
        big = resize(white, (round(grid[0] * step), round(grid[1] * step)))
        # Bicubic interpolation takes away a third of the deviation; the first cell is its border.
        total += big[int(step) :, int(step) :][: shape[0], : shape[1]] * (1.45 / 2**octave)
    return total / np.float32(np.sqrt(sum(4.0**-k for k in range(octaves))))


def smooth_step(field: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def scattered(rng: np.random.Generator, shape: Shape, spacing: float, jitter: float = 0.3) -> Points:
    """Points about ``spacing`` apart all over the slide: a shaken hexagonal lattice."""
    rows, columns = int(shape[0] / (spacing * 0.866)) + 2, int(shape[1] / spacing) + 2
    row, column = np.mgrid[:rows, :columns]
    points = np.stack([column + 0.5 * (row % 2), row * 0.866], axis=-1).reshape(-1, 2) * spacing
    shaken = points + rng.normal(0, jitter * spacing, points.shape)
    inside = (shaken >= 0).all(axis=1) & (shaken[:, 0] < shape[1]) & (shaken[:, 1] < shape[0])
    return np.asarray(shaken[inside])


def place_glands(rng: np.random.Generator, shape: Shape) -> list[Gland]:
    """All glands and vessels of the slide."""
    glands = [acinus for lobule in LOBULES for acinus in _acini(rng, lobule, shape)]
    glands += [_gland(rng, duct, shape, wall=19.0) for duct in DUCTS]
    for vessel in VESSELS:
        blood = float(rng.choice([0.0, 1.3], p=[0.25, 0.75]))
        wall = 0.4 * vessel.radius
        glands.append(_gland(rng, vessel, shape, wall=wall, content=blood, is_vessel=True))
    return glands


def _gland(
    rng: np.random.Generator,
    at: Round,
    shape: Shape,
    *,
    wall: float,
    content: float = 0.0,
    is_vessel: bool = False,
) -> Gland:
    phases = rng.uniform(0, 2 * np.pi, 3).tolist()
    x, y = at.x * shape[1], at.y * shape[0]
    return Gland(x, y, at.radius, wall, at.stretch, at.angle, phases, content, is_vessel)


def _acini(rng: np.random.Generator, lobule: Round, shape: Shape) -> list[Gland]:
    """The small glands that a lobule consists of."""
    size = round(2.5 * lobule.radius)
    at = scattered(rng, (size, size), 49, 0.17) - size / 2
    theta, phase = np.arctan2(at[:, 1], at[:, 0]), rng.uniform(0, 2 * np.pi)
    rim = lobule.radius * (1 + 0.12 * np.cos(3 * theta + phase) + 0.10 * np.cos(2 * theta))
    places = [
        Round(
            lobule.x + dx / shape[1],
            lobule.y + dy / shape[0],
            rng.uniform(15, 28),
            rng.uniform(1, 1.35),
            rng.uniform(0, np.pi),
        )
        for dx, dy in at[(np.hypot(*at.T) < rim) & (rng.random(len(at)) < 0.94)]
    ]
    secretion = rng.choice([0.0, 0.1, 0.3], len(places))
    return [
        _gland(rng, place, shape, wall=rng.uniform(11, 17), content=float(content))
        for place, content in zip(places, secretion, strict=True)
    ]


def plan(rng: np.random.Generator, shape: Shape, glands: Sequence[Gland]) -> Layout:
    """Lay the tissues out around the glands."""
    grid = reduced(shape, COARSE)
    loose = _halo(glands, grid)
    tissue = _ellipses(TISSUE, grid) + 0.07 * noise(rng, grid, 70, 4) + 0.05 * noise(rng, grid, 130)
    tumour = np.maximum(_ellipses(TUMOURS, grid), -1) + 0.16 * noise(rng, grid, 45, 4) - 0.8 * loose
    septa = smooth_step(-np.abs(noise(rng, grid, 75, 2)), -0.22, -0.05)
    fat = np.maximum(_ellipses(FAT, grid), -0.9) + 0.30 * noise(rng, grid, 55, 2)
    fat -= 0.9 * septa + 1.2 * np.clip(tumour + 0.08, 0, 1) + 1.5 * loose
    lymphocytes = _ellipses(LYMPHOCYTES, grid) + 0.4 * noise(rng, grid, 12, 3)
    # The ramp gives fibres a main direction; without it they run in circles. They also go around things.
    ramp = np.add.outer(0.022 * np.arange(grid[0]), 0.010 * np.arange(grid[1]))
    around = 1.2 * gaussian_filter(tumour, 15) + 1.5 * gaussian_filter(loose, 6)
    flow = _along(ramp + noise(rng, grid, 120) + around)
    return Layout(shape, tissue, fat, tumour, lymphocytes, loose, flow)


def _ellipses(parts: Sequence[Ellipse], grid: Shape) -> Field:
    """1 in the middle of the nearest ellipse, 0 on its rim, negative outside."""
    v, u = np.mgrid[: grid[0], : grid[1]].astype(np.float32)
    u, v = (u + 0.5) / grid[1], (v + 0.5) / grid[0]
    rims = [p.strength * (1 - np.hypot((u - p.x) / p.radius_x, (v - p.y) / p.radius_y)) for p in parts]
    return np.asarray(np.maximum.reduce(rims), np.float32)


def _halo(glands: Sequence[Gland], grid: Shape) -> Field:
    """1 within glands and between those that lie close together, 0 about 60 µm away."""
    rows, columns = np.mgrid[: grid[0], : grid[1]]
    halo = np.zeros(grid)
    for gland in glands:
        x, y, radius = gland.x / COARSE, gland.y / COARSE, gland.radius / COARSE
        halo = np.maximum(halo, radius + 3 - np.hypot(columns - x, rows - y))
    return smooth_step(gaussian_filter(np.minimum(halo, 5), 2.5), 0.2, 3)


def _along(stream: Field) -> tuple[Field, Field]:
    """Unit vectors along the contour lines of a stream function."""
    down, right = np.gradient(stream)
    length = np.hypot(down, right) + 1e-6
    return np.asarray(-down / length, np.float32), np.asarray(right / length, np.float32)


def fibres(rng: np.random.Generator, layout: Layout, grain: float, doublings: int) -> Field:
    """Wavy fibres of unit deviation, at FIBRE resolution: noise of ``grain`` µm smeared along the flow.

    A line integral convolution whose length doubles each time: the smeared noise is averaged with itself
    one displacement further on, and the displacement is followed twice.
    """
    shape = reduced(layout.shape, FIBRE)
    x, y = (resize(component, shape) for component in layout.flow)
    crimp = 0.45 * noise(rng, shape, 26 / FIBRE)
    step = 1.5 * np.stack([y + crimp * x, x - crimp * y])
    texture = noise(rng, shape, max(grain / FIBRE, 1.0))
    identity = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    for _ in range(doublings):
        there = identity + step
        texture = 0.5 * (texture + map_coordinates(texture, there, order=1, mode="reflect"))
        step = step + np.stack([map_coordinates(s, there, order=1, mode="nearest") for s in step])
    return np.asarray((texture - texture.mean()) / texture.std(), np.float32)


def fat_cells(rng: np.random.Generator, layout: Layout) -> Field:
    """µm from the wall of the fat cell a pixel lies in (negative: in none), at FIBRE resolution."""
    centres = scattered(rng, layout.shape, 69, 0.22)
    fat = sample(layout.fat, centres, layout.shape) + rng.normal(0, 0.16, len(centres))
    is_fat = (fat > 0) & (sample(layout.tissue, centres, layout.shape) > 0.02)
    # Cells deep in fat are as big as their neighbours allow; lonely ones in the stroma are small and round.
    radius = rng.uniform(22, 34, len(centres)) + 90 * np.clip(fat - 0.05, 0, 1)
    shape = reduced(layout.shape, FIBRE)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    at = np.stack([columns.ravel(), rows.ravel()], axis=-1) * float(FIBRE)
    at += 4 * np.stack([noise(rng, shape, 18).ravel(), noise(rng, shape, 18).ravel()], axis=-1)
    distance, nearest = cKDTree(centres).query(at, k=4)
    inside = _wall_distance(centres, radius, distance, nearest)
    inside = np.where(is_fat[nearest[:, 0]], inside, -np.abs(inside) - 1)
    # Bounded below, so that a cell's outline stays smooth when the field is enlarged.
    return np.asarray(np.maximum(inside, -3).reshape(shape), np.float32)


def _wall_distance(
    centres: Points, radius: Points, distance: Points, nearest: NDArray[np.intp], softness: float = 4.0
) -> Points:
    """µm to the cell's wall; the soft minimum over all its sides rounds the corners."""
    own = nearest[:, 0]
    closeness = np.exp(-(radius[own] - distance[:, 0]) / softness)
    for k in range(1, nearest.shape[1]):
        between = np.linalg.norm(centres[nearest[:, k]] - centres[own], axis=1)
        side = (distance[:, k] ** 2 - distance[:, 0] ** 2) / (2 * between)
        closeness += np.exp(-side / softness)
    return np.asarray(-softness * np.log(closeness))


def tumour_nests(rng: np.random.Generator, layout: Layout) -> Field:
    """Positive in the nests and cords of the carcinoma, at FIBRE resolution."""
    shape = reduced(layout.shape, FIBRE)
    tumour = resize(layout.tumour, shape)
    inside, core = smooth_step(tumour, -0.10, 0.02), smooth_step(tumour, 0.02, 0.40)
    nested = smooth_step(noise(rng, shape, 170, 2), -0.7, 0.7)
    nests = 0.85 * fibres(rng, layout, 22, 3) + 0.6 * noise(rng, shape, 24, 2)
    cords = fibres(rng, layout, 13, 4)
    fullness = np.maximum(nests + 1.5 * core + 0.8 * nested, cords + 0.4 * core + 0.7 * (1 - nested))
    return np.asarray(fullness - 1.8 - 3 * (1 - inside) - 6 * np.clip(resize(layout.fat, shape), 0, 1))
