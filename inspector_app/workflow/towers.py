"""A model's vision tower, exported for ONNX Runtime, compared and measured."""

from inspector_app.domain.errors import ModelTrouble
from inspector_app.domain.messages import LoadModel, Step, Steps
from inspector_app.runtime.onnx_tower import in_words
from inspector_app.workflow.loading import family_of, load_model


def export_tower(name: str) -> Steps[str]:
    """Export it; returns what was measured, in words.

    Raises:
        ModelTrouble: its family's tower takes pictures of any size, or cannot be exported.
        CannotWrite: the disk refuses.
    """
    folder, card, family = family_of(name)
    if not hasattr(family, "export_tower"):
        raise ModelTrouble(
            f'The vision tower of "{card.name}" takes pictures of many sizes and is not exported.',
            hint="Torch runs it.",
        )
    yield Step("load", 0, 2)
    model = load_model(family, folder, LoadModel(name, device="cpu", precision="float32"))
    yield Step("export", 1, 2)
    return in_words(family.export_tower(model))
