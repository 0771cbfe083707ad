"""Where a model lies, and which family loads it."""

import contextlib
import logging
import os
from pathlib import Path
from types import ModuleType

from inspector_app import families, files, paths, plugins
from inspector_app.domain.card import Card
from inspector_app.domain.errors import InspectorError, ModelTrouble
from inspector_app.domain.messages import LoadModel
from inspector_app.domain.ports import VisionModel
from inspector_app.domain.wording import inert
from inspector_app.log import NAME
from inspector_app.runtime.cards import read_card
from inspector_app.workflow.manifest import check_sizes


def model_folder(name: str) -> Path:
    """Where a model lies: a folder as given, the user's own, or a shipped one.

    Raises:
        ModelTrouble: nowhere; the hint lists the models there are.
    """
    given = Path(name)
    # What is called "." or ".." has a name of its own all the same.
    whole = Path(os.path.abspath(given))  # noqa: PTH100  links are left as they are
    if given.is_absolute() or len(given.parts) > 1:
        return whole
    with contextlib.suppress(OSError):  # such as a name longer than any file may have
        # A name means the model, whatever folders lie where the program happens to run.
        for place in (paths.user_models(), paths.shipped_models()):
            if name and (place / name / "card.toml").is_file():
                return place / name
        if name and given.is_dir():
            return whole
    raise ModelTrouble(
        f'There is no model "{inert(name, limit=80)}".',
        hint=f"Choose from: {', '.join(paths.model_names())}.",
    )


def family_of(name: str) -> tuple[Path, Card, ModuleType]:
    """Folder, card and family of a model, before anything heavy is done.

    Raises:
        ModelTrouble: there is no such model, its card is damaged, or names no family.
    """
    folder = model_folder(name)
    card = read_card(folder)
    if card.family not in plugins.names(families):
        raise ModelTrouble(
            f'The card of "{card.name}" names the family "{card.family}", which this '
            "program does not have.",
            hint=f"Families there are: {', '.join(plugins.names(families))}.",
        )
    if card.repository and not files.is_file(folder / "config.json"):
        raise ModelTrouble(
            f'The weights of "{card.name}" are not on this computer.',
            hint=f"Get them with: inspector models pull {card.name}, or under Tools > Models.",
        )
    check_sizes(folder)
    return folder, card, plugins.load(families, card.family)


def load_model(family: ModuleType, folder: Path, request: LoadModel) -> VisionModel:
    """Load the weights, in a precision that there is room for.

    Raises:
        OutOfMemory: there is room for none, see `fitting`.
        ModelTrouble: see `families`; also where a library stumbles over a damaged file.
    """
    # Imported late: the desk finds models too, and does not wait for torch.
    from inspector_app.workflow.fitting import fitted  # noqa: PLC0415

    request = fitted(read_card(folder), request)
    try:
        model: VisionModel = family.load(folder, device=request.device, precision=request.precision)
    except InspectorError:
        raise
    except Exception as error:  # whatever libraries make of a file that is damaged
        logging.getLogger(NAME).info("a model folder could not be loaded", exc_info=error)
        raise ModelTrouble(
            f"The model in {folder} is damaged or unlike what its family loads "
            f"({type(error).__name__}).",
            hint="Copy or download the whole checkpoint again.",
        ) from error
    return towered(family, model, choice=request.tower)


def towered(family: ModuleType, model: VisionModel, *, choice: str) -> VisionModel:
    """The model with its vision tower run as chosen; the same where its family exports none.

    Args:
        family: Of the model.
        model: Loaded.
        choice: "auto" for the faster one, "torch" or "onnx".
    """
    if not hasattr(family, "with_tower"):
        return model
    chosen: VisionModel = family.with_tower(model, choice=choice)
    return chosen
