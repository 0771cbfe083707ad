"""Keep the best of boxes that show the same thing."""

from collections.abc import Sequence

from inspector_app.domain.region import Region


def suppress(
    regions: Sequence[Region], scores: Sequence[float], *, overlap: float = 0.5
) -> tuple[int, ...]:
    """Greedy non-maximum suppression.

    Args:
        regions: Candidates.
        scores: One per candidate, higher is better; ties go to the earlier.
        overlap: A candidate falls away when its intersection over union with a better,
            kept one is above this. 0 keeps only boxes that do not meet.

    Returns:
        Indices of those kept, best first.
    """
    order = sorted(range(len(regions)), key=lambda index: -scores[index])
    kept: list[int] = []
    for index in order:
        if all(regions[index].iou(regions[better]) <= overlap for better in kept):
            kept.append(index)
    return tuple(kept)
