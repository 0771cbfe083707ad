"""Keep the best of boxes that show the same thing, or melt them into one."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from inspector_app.domain.region import Region


def suppress(
    regions: Sequence[Region],
    scores: Sequence[float],
    *,
    overlap: float = 0.5,
    classes: Sequence[Hashable] | None = None,
) -> tuple[int, ...]:
    """Greedy non-maximum suppression.

    Args:
        regions: Candidates.
        scores: One per candidate, higher is better; ties go to the earlier.
        overlap: A candidate falls away when its intersection over union with a better,
            kept one of its class is above this. 0 keeps only boxes that do not meet.
        classes: What each candidate shows; boxes of different classes leave each other alone.
            None where all are of one.

    Returns:
        Indices of those kept, best first.
    """
    kinds = [None] * len(regions) if classes is None else classes
    order = sorted(range(len(regions)), key=lambda index: -scores[index])
    kept: list[int] = []
    for index in order:
        if all(
            kinds[index] != kinds[better] or regions[index].iou(regions[better]) <= overlap
            for better in kept
        ):
            kept.append(index)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Fused:
    """One box made of several.

    Attributes:
        region: Mean of their edges, weighted by their scores.
        score: Mean of their scores.
        members: Indices of the boxes it was made of, best first.
    """

    region: Region
    score: float
    members: tuple[int, ...]


def fuse(
    regions: Sequence[Region],
    scores: Sequence[float],
    *,
    overlap: float = 0.5,
    classes: Sequence[Hashable] | None = None,
) -> tuple[Fused, ...]:
    """Weighted box fusion: boxes of one class that overlap are averaged, not dropped.

    Args:
        regions: Candidates.
        scores: One per candidate, at least 0; ties go to the earlier.
        overlap: A candidate joins the fused box with which its intersection over union is
            largest, where that is above this; else it begins one of its own.
        classes: As for `suppress`.

    Returns:
        Best first. No two of a class overlap by more than `overlap`: fused boxes can move
        into each other, and are then suppressed as any.

    Source: arXiv:1910.13302, without the part that counts models.
    """
    kinds = [None] * len(regions) if classes is None else classes
    clusters: list[list[int]] = []
    melted: list[Region] = []
    for index in sorted(range(len(regions)), key=lambda index: -scores[index]):
        ious = [
            regions[index].iou(box) if kinds[cluster[0]] == kinds[index] else 0.0
            for box, cluster in zip(melted, clusters, strict=True)
        ]
        best = max(range(len(ious)), key=ious.__getitem__, default=None)
        if best is None or ious[best] <= overlap:
            clusters.append([index])
            melted.append(regions[index])
        else:
            clusters[best].append(index)
            melted[best] = _mean(regions, scores, clusters[best])
    means = [sum(scores[index] for index in one) / len(one) for one in clusters]
    kept = suppress(melted, means, overlap=overlap, classes=[kinds[one[0]] for one in clusters])
    return tuple(Fused(melted[at], means[at], tuple(clusters[at])) for at in kept)


def _mean(regions: Sequence[Region], scores: Sequence[float], members: Sequence[int]) -> Region:
    """Edges weighted by score, rounded to whole pixels; plain where all scores are 0."""
    weights = [max(scores[index], 0.0) for index in members]
    if sum(weights) <= 0:
        weights = [1.0] * len(members)
    edges = [
        sum(
            weight * regions[index].box[side]
            for weight, index in zip(weights, members, strict=True)
        )
        / sum(weights)
        for side in range(4)
    ]
    x0, y0, x1, y1 = (round(edge) for edge in edges)
    return Region(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))
