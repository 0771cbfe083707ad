"""What is cut for a box that somebody named."""

from inspector_app.domain.region import Region

LARGEST = 0.9
"""A box above this part of the picture shows nothing larger."""


def with_surroundings(
    box: Region, *, within: tuple[int, int], least: int, margin: float = 0.25
) -> Region:
    """A box widened on all sides, shifted to lie inside the picture.

    Args:
        box: What was named.
        within: (width, height) of the picture.
        least: Smallest width and height in pixels, as far as the picture has them.
        margin: Part of the box's own width and height that is added on each side. What lies
            about a thing helps to tell what it is, and named boxes are seldom exact.
    """
    wide = max(round(box.width * (1 + 2 * margin)), least)
    high = max(round(box.height * (1 + 2 * margin)), least)
    return Region.rectangle_at(box.center, size=(wide, high), within=within)
