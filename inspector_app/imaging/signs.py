"""Signs on a part by which it is known again: markers and codes, with their corners."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector_app.imaging.codes import read_codes

Grey = NDArray[Any]
_DICTIONARIES = (
    cv2.aruco.DICT_4X4_100,
    cv2.aruco.DICT_5X5_100,
    cv2.aruco.DICT_6X6_250,
    cv2.aruco.DICT_APRILTAG_36h11,
)


def markers_in(full: Grey) -> dict[tuple[int, int], NDArray[Any]]:
    """Corners of each ArUco marker by dictionary and number.

    Those that stand there twice say nothing.

    Args:
        full: (H, W) uint8.

    Returns:
        (4, 2) each, in pixels.
    """
    found: dict[tuple[int, int], NDArray[Any]] = {}
    twice = set()
    options = cv2.aruco.DetectorParameters()
    options.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    for name in _DICTIONARIES:
        dictionary = cv2.aruco.getPredefinedDictionary(name)
        corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, options).detectMarkers(full)
        for box, number in zip(corners, [] if numbers is None else numbers.ravel(), strict=True):
            key = (name, int(number))
            if key in found:
                twice.add(key)
            found[key] = box.reshape(4, 2)
    return {key: box for key, box in found.items() if key not in twice}


def codes_in(full: Grey) -> dict[str, NDArray[Any]]:
    """Corners of each square code by its kind and text.

    What stands there twice says nothing.

    Args:
        full: (H, W) uint8.

    Returns:
        (4, 2) each, in pixels.
    """
    read = read_codes(full, only_square=True)
    keys = [f"{code.format} {code.text}" for code in read]
    return {
        key: _sharpened(full, np.array(code.corners, np.float32))
        for key, code in zip(keys, read, strict=True)
        if keys.count(key) == 1
    }


def _sharpened(full: Grey, corners: NDArray[Any]) -> NDArray[Any]:
    """Corners to a part of a pixel, where the picture has a corner within reach; else as given."""
    side = float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).min())
    reach = int(np.clip(side / 20, 2, 8))
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.01)
    found = cv2.cornerSubPix(full, corners.reshape(-1, 1, 2).copy(), (reach, reach), (-1, -1), stop)
    found = found.reshape(4, 2)
    is_near = np.linalg.norm(found - corners, axis=1) <= 1.5 * reach
    return np.where(is_near[:, None], found, corners)
