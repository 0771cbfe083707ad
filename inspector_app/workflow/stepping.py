"""What is given up where memory ends, rung by rung, and what is remembered of it.

The rungs, from the top: other pictures' readings, fewer crops, large pictures looked at
whole instead of in tiles, the narrower precisions, the CPU. A rung that failed is not tried
again until the model is loaded anew.
"""

from dataclasses import dataclass, field, replace

from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import LoadModel

_NARROWEST = "int8"
_NARROW = ("bfloat16", "float16", _NARROWEST)


@dataclass(slots=True, eq=False)
class Room:
    """How much of an inspection fits beside the weights, as far as is known.

    Attributes:
        crops: Most crops that are shown at once; None where none failed yet.
        tiled: Whether large pictures are looked at in tiles. A tile is a reading of its own
            beside that of the whole picture; without them the picture is seen smaller.
    """

    crops: int | None = None
    tiled: bool = True

    def fewer_crops(self, failed: int) -> str:
        """Half of the crops that failed; returns the words for the record."""
        self.crops = failed // 2
        return f"stepped down to {_crops(self.crops)}: out of memory"

    def without_tiles(self) -> str:
        """Large pictures at the model's own size; returns the words for the record."""
        self.tiled = False
        return "stepped down to looking at the picture smaller, not in tiles: out of memory"

    def remembered_crops(self, wanted: int) -> str:
        """What the record says where fewer crops than wanted are shown from the start."""
        return f"only {_crops(self.crops or wanted)} of {wanted}: memory ended before"


REMEMBERED_TILES = "looked at the picture smaller, not in tiles: memory ended before"


@dataclass(slots=True, eq=False)
class Ladder:
    """Where one model stands on the ladder.

    Attributes:
        asked: The model as the user wants it; None before the first.
        load: The rung that worked last, or is being tried.
        room: What fits beside its weights.
    """

    asked: LoadModel | None = None
    load: LoadModel | None = None
    room: Room = field(default_factory=Room)

    def reset(self) -> None:
        """Forget everything: the model is loaded anew, from the top."""
        self.asked, self.load, self.room = None, None, Room()

    def begin(self, asked: LoadModel) -> tuple[LoadModel, tuple[str, ...]]:
        """The rung to begin with, and the words for the record where it is not the top."""
        if self.asked != asked or self.load is None:
            self.asked, self.load, self.room = asked, asked, Room()
        if self.load == asked:
            return asked, ()
        return self.load, (f"runs {_where(self.load, asked)}: memory ended before",)

    def down(self, facts: ModelFacts | None) -> str | None:
        """One rung lower; returns the words for the record, None on the lowest.

        Args:
            facts: Of the model that ran; None where its weights did not even fit.
        """
        tried = self.load
        lower = None if tried is None else _lower(tried, facts=facts)
        if tried is None or lower is None:
            # A later try begins at the top: other programs may have been closed.
            self.reset()
            return None
        self.load, self.room = lower, Room()
        where = "the CPU in " if lower.device != tried.device else ""
        return f"stepped down to {where}{lower.precision}: out of memory"


def narrowed(request: LoadModel, facts: ModelFacts) -> tuple[str, ...]:
    """What the record says where "auto" became less than is usual on the device.

    Args:
        request: As the user or the ladder wants it.
        facts: Of the model that was loaded for it.
    """
    if request.precision != "auto" or facts.dtype not in _NARROW:
        return ()
    # Imported late, as below.
    from inspector_app.runtime.devices import choose  # noqa: PLC0415

    usual = choose(request.device, "auto").dtype_name
    if facts.dtype == usual:
        return ()
    return (f"runs in {facts.dtype}: not enough free memory for {usual}",)


def _lower(load: LoadModel, *, facts: ModelFacts | None) -> LoadModel | None:
    """The next rung down when memory did not suffice, or None on the lowest."""
    # Imported late: the desk shares this module, and its pictures do not wait for torch.
    from inspector_app.runtime.devices import choose  # noqa: PLC0415

    place = choose(load.device, load.precision)
    on_gpu = facts.device.startswith("cuda") if facts else place.device.type == "cuda"
    precision = facts.dtype if facts else place.dtype_name
    if precision != _NARROWEST:
        narrower = "bfloat16" if precision == "float32" else _NARROWEST
        return replace(load, precision=narrower)
    if on_gpu:
        return replace(load, device="cpu", precision="bfloat16")
    return None


def _where(load: LoadModel, asked: LoadModel) -> str:
    place = "on the CPU " if load.device != asked.device else ""
    return f"{place}in {load.precision}"


def _crops(count: int) -> str:
    return "1 crop" if count == 1 else f"{count} crops"
