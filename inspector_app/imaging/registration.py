"""Where a part lies, compared with a template picture: shift, rotation and scale.

A ladder, from the surest to the most patient, each rung checked before it is believed:

1. ArUco markers that both pictures show (OpenCV's aruco, four corners each);
2. DataMatrix, QR and Aztec codes that say the same in both pictures, likewise;
3. phase correlation, for parts that were only shifted (Kuglin and Hines, 1975);
4. SIFT features (Lowe, 2004) with a similarity by RANSAC (Fischler and Bolles, 1981).

What was found is refined by ECC (Evangelidis and Psarakis, 2008) and then checked by patches:
where the template has texture, small pieces of it are looked for near the place where the
placement puts them. The **score** is the part of these pieces that are found there (normalised
correlation of at least 0.5 within 2.5 working pixels), the **error** the root mean square
distance of the found ones. Pieces that are burnt out in the picture, or lie outside of it, do
not count, but at least a third of the template's pieces must.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.domain.placement import Matrix, Placement
from inspector_app.imaging.signs import codes_in, markers_in

WORKING_SIDE = 1000
"""Longest side, in pixels, at which pictures are compared."""
ERROR_SIDE = 2000
"""Errors are told in pixels of a picture whose longer side is this."""

_PATCH, _REACH, _NEAR = 40, 6, 2.5
_MOST_PATCHES, _LEAST_PATCHES = 80, 8
_ALIKE = 0.5
_BURNT = 250
_SURE = 0.6

# OpenCV tells no more of what it returns: Grey holds uint8, _Similarity (2, 3) float64.
Grey = NDArray[Any]
_Similarity = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A template picture, made ready once for many pictures.

    Attributes:
        size: (width, height) of the picture it was made of.
        grey: (h, w) at working size, smoothed.
        shrink: Working size over full size.
        markers: (4, 2) corners by (dictionary, number), in full-size pixels.
        codes: (4, 2) corners by what a code says, in full-size pixels.
        points: (N, 2) features at working size.
        features: (N, 128) what they look like.
        patches: (M, 2) upper left corners of the pieces that are looked for.
    """

    size: tuple[int, int]
    grey: Grey
    shrink: float
    markers: dict[tuple[int, int], NDArray[Any]]
    codes: dict[str, NDArray[Any]]
    points: NDArray[np.float32]
    features: NDArray[Any] | None
    patches: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A (2, 3) matrix at working size, the pieces found and looked for, and their error."""

    matrix: _Similarity
    found: int
    looked: int
    error: float

    @property
    def score(self) -> float:
        return self.found / max(1, self.looked)


def prepare(pixels: NDArray[np.uint8]) -> Template:
    """Make a template ready.

    Args:
        pixels: (H, W, 3) RGB of the part, as it lies when all is well.
    """
    full = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    grey, shrink = _working(full)
    points, features = _features(grey)
    height, width = full.shape
    return Template(
        (width, height),
        grey,
        shrink,
        markers_in(full),
        codes_in(full),
        points,
        features,
        _patches(grey),
    )


def register(template: Template, pixels: NDArray[np.uint8]) -> Placement | None:
    """Find the template's part in a picture.

    Args:
        template: From `prepare`.
        pixels: (H, W, 3) RGB.

    Returns:
        The best placement there is, however poor: its score and error tell. None where
        nothing at all corresponds.
    """
    if not len(template.patches):
        return None  # nothing by which it could be known
    full = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    grey, shrink = _working(full)
    best: Placement | None = None
    for method in ("marker", "code", "phase", "features"):
        guess = _guess(method, template, full=full, grey=grey, shrink=shrink)
        if guess is None or not np.isfinite(guess).all() or abs(np.linalg.det(guess[:, :2])) < 0.01:
            continue
        found = _checked(method, template, grey, guess=guess, shrink=shrink)
        if found is not None and (best is None or found.score > best.score):
            best = found
        if best is not None and best.score >= _SURE:
            break
    return best


def _working(full: Grey) -> tuple[Grey, float]:
    """At working size and smoothed, so that noise and grain weigh less; and the shrinking."""
    shrink = min(1.0, WORKING_SIDE / max(full.shape))
    height, width = (max(1, round(side * shrink)) for side in full.shape)
    small = cv2.resize(full, (width, height), interpolation=cv2.INTER_AREA)
    smooth: Grey = cv2.GaussianBlur(small, (0, 0), 1.2)
    return smooth, shrink


def _guess(
    method: str, template: Template, *, full: Grey, grey: Grey, shrink: float
) -> _Similarity | None:
    """(2, 3) from working pixels of the template to those of the picture; None for nothing."""
    if method in {"marker", "code"}:
        found = (
            _by_corners(template.markers, markers_in(full))
            if method == "marker"
            # Reading codes takes time: only where there is one to be found again.
            else _by_corners(template.codes, codes_in(full) if template.codes else {})
        )
        if found is None:
            return None
        small = found.copy()
        small[:, :2] *= shrink / template.shrink
        small[:, 2] *= shrink
        return small
    return _by_phase(template, grey) if method == "phase" else _by_features(template, grey)


def _by_corners(
    template: dict[Any, NDArray[Any]], seen: dict[Any, NDArray[Any]]
) -> _Similarity | None:
    """From the corners of what both pictures show; None where they show nothing together."""
    common = sorted(template.keys() & seen.keys())
    if not common:
        return None
    source = np.concatenate([template[key] for key in common])
    target = np.concatenate([seen[key] for key in common])
    return _similarity(source, target, within=3.0)[0]


def _by_phase(template: Template, grey: Grey) -> _Similarity | None:
    """The shift between two pictures of one size; None where their sizes differ."""
    if template.grey.shape != grey.shape:
        return None
    half = tuple(cv2.resize(one, None, fx=0.5, fy=0.5) for one in (template.grey, grey))
    first, second = (_outlined(one) for one in half)
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(first, second, window)
    return np.array([[1, 0, 2 * dx], [0, 1, 2 * dy]], np.float64)


def _outlined(grey: Grey) -> NDArray[Any]:
    """Without slow light and shade."""
    values = grey.astype(np.float32)
    flat: NDArray[Any] = values - cv2.GaussianBlur(values, (0, 0), 12)
    return flat


def _features(grey: Grey) -> tuple[NDArray[np.float32], NDArray[Any] | None]:
    sift = cv2.SIFT.create(nfeatures=2500, contrastThreshold=0.02)
    found, features = sift.detectAndCompute(grey, None)
    points = np.array([one.pt for one in found], np.float32).reshape(-1, 2)
    return points, features


def _by_features(template: Template, grey: Grey) -> _Similarity | None:
    points, features = _features(grey)
    if template.features is None or features is None or min(len(features), len(points)) < 2:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(template.features, features, k=2)
    kept = [one for one, *rest in pairs if rest and one.distance < 0.85 * rest[0].distance]
    if len(kept) < 4:
        return None
    source = template.points[[one.queryIdx for one in kept]]
    target = points[[one.trainIdx for one in kept]]
    found, agreed = _similarity(source, target, within=3.0)
    return found if agreed >= 6 else None


def _similarity(
    source: NDArray[np.float32], target: NDArray[np.float32], *, within: float
) -> tuple[_Similarity | None, int]:
    """The similarity that most points agree with to `within` pixels, and how many do."""
    found, agreed = cv2.estimateAffinePartial2D(
        source,
        target,
        method=cv2.RANSAC,
        ransacReprojThreshold=within,
        maxIters=5000,
        confidence=0.999,
    )
    return (None, 0) if found is None else (found, int(agreed.sum()))


def _patches(grey: Grey) -> NDArray[np.int64]:
    """(M, 2) upper left corners (x, y) of the pieces with the most texture, spread out.

    Texture is the smaller eigenvalue of the structure tensor: edges alone would slide.
    """
    corner = cv2.cornerMinEigenVal(cv2.GaussianBlur(grey, (0, 0), 1.0), 7, ksize=3)
    energy = cv2.boxFilter(corner, -1, (_PATCH, _PATCH))
    margin = _PATCH // 2 + _REACH + 1
    if min(grey.shape) <= 2 * margin:
        return np.zeros((0, 2), np.int64)
    energy = energy[margin:-margin, margin:-margin].copy()
    floor = float(energy.max()) * 1e-3
    found: list[tuple[int, int]] = []
    while len(found) < _MOST_PATCHES:
        _, most, _, (x, y) = cv2.minMaxLoc(energy)
        if most <= floor or most <= 0:
            break
        found.append((x + margin - _PATCH // 2, y + margin - _PATCH // 2))
        reach = _PATCH * 3 // 4
        energy[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = 0
    return np.array(found, np.int64).reshape(-1, 2)


def _checked(
    method: str, template: Template, grey: Grey, *, guess: _Similarity, shrink: float
) -> Placement | None:
    """The guess refined, with its score and error; None where too little can be compared."""
    # Glare can pull ECC away from a good guess: the better of the two is kept.
    fits = [_fitted(template, grey, each) for each in (guess, _refined(template, grey, guess))]
    best = max(fits, key=lambda fit: (fit.score, -fit.error))
    if best.looked < max(_LEAST_PATCHES, len(template.patches) / 3) or not best.found:
        return None
    full = best.matrix.copy()
    full[:, :2] *= template.shrink / shrink
    full[:, 2] /= shrink
    height, width = (round(side / shrink) for side in grey.shape)
    return Placement(
        matrix=_plain(full),
        template_size=template.size,
        picture_size=(width, height),
        score=best.score,
        error=best.error * ERROR_SIDE / max(grey.shape),
        method=method,
        points=best.found,
    )


def _fitted(template: Template, grey: Grey, guess: _Similarity) -> _Fit:
    """The guess moved to where the template's pieces are found."""
    matrix = guess
    for _ in range(2):
        source, found, _ = _found_patches(template, grey, matrix)
        if len(source) < _LEAST_PATCHES // 2:
            break
        better, _ = _similarity(source, found, within=1.5)
        matrix = matrix if better is None else better
    source, found, looked = _found_patches(template, grey, matrix)
    off = np.linalg.norm(source @ matrix[:, :2].T + matrix[:, 2] - found, axis=1)
    error = float(np.sqrt((off**2).mean())) if len(off) else np.inf
    return _Fit(matrix, len(source), looked, error)


def _refined(template: Template, grey: Grey, guess: _Similarity) -> _Similarity:
    """The guess improved by ECC over the part that both show; as it was where that fails."""
    height, width = template.grey.shape
    lit = cv2.dilate((grey >= _BURNT).astype(np.uint8), np.ones((25, 25), np.uint8))
    small = 0.5
    half = [
        cv2.resize(one, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        for one in (template.grey, grey)
    ]
    shown = cv2.resize(255 * (1 - lit), half[1].shape[::-1], interpolation=cv2.INTER_NEAREST)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-4)
    start = guess.astype(np.float32)
    start[:, 2] *= small
    try:
        _, moved = cv2.findTransformECC(
            _outlined(half[0]), _outlined(half[1]), start, cv2.MOTION_AFFINE, stop, shown, 3
        )
    except cv2.error:
        return guess  # it did not converge
    found = moved.astype(np.float64)
    found[:, 2] /= small
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    there = (corners @ found[:, :2].T + found[:, 2]).astype(np.float32)
    better, _ = cv2.estimateAffinePartial2D(corners, there, method=cv2.LMEDS)
    return guess if better is None else better


def _found_patches(
    template: Template, grey: Grey, matrix: _Similarity
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Where pieces of the template are found again.

    Returns:
        (N, 2) middles in the template, (N, 2) where they were found in the picture, both at
        working size, and how many were looked for.
    """
    height, width = template.grey.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpAffine(grey, matrix, (width, height), flags=flags)
    unburnt = np.where(grey >= _BURNT, 0, 255).astype(np.uint8)
    shown = cv2.warpAffine(unburnt, matrix, (width, height), flags=flags)
    sources, offsets, looked = [], [], 0
    for x, y in template.patches:
        wide = slice(y - _REACH, y + _PATCH + _REACH), slice(x - _REACH, x + _PATCH + _REACH)
        if shown[wide].mean() < 0.9 * 255:
            continue
        looked += 1
        piece = template.grey[y : y + _PATCH, x : x + _PATCH]
        alike = cv2.matchTemplate(straight[wide], piece, cv2.TM_CCOEFF_NORMED)
        _, best, _, (dx, dy) = cv2.minMaxLoc(alike)
        offset = _peak(alike, dx, dy) - _REACH
        if best >= _ALIKE and np.hypot(*offset) <= _NEAR:
            sources.append((x + (_PATCH - 1) / 2, y + (_PATCH - 1) / 2))
            offsets.append(offset)
    source = np.array(sources, np.float32).reshape(-1, 2)
    near = source + np.array(offsets, np.float32).reshape(-1, 2)
    return source, (near @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32), looked


def _peak(alike: NDArray[Any], x: int, y: int) -> NDArray[np.float64]:
    """The peak to a part of a pixel, by a parabola through its neighbours on each axis."""
    place = np.array([x, y], np.float64)
    for axis, (at, line) in enumerate(((x, alike[y, :]), (y, alike[:, x]))):
        if 0 < at < len(line) - 1:
            before, here, after = (float(line[at + step]) for step in (-1, 0, 1))
            bend = before - 2 * here + after
            if bend < 0:
                place[axis] += (before - after) / (2 * bend)
    return place


def _plain(matrix: _Similarity) -> Matrix:
    (a, b, tx), (c, d, ty) = ((float(value) for value in row) for row in matrix)
    return (a, b, tx), (c, d, ty)
