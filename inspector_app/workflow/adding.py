"""A checkpoint that the user has in a folder becomes a model of the program."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from inspector_app import families, files, paths, plugins
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble, WrongUse
from inspector_app.domain.messages import Step, Steps
from inspector_app.runtime import checkpoint, sizes
from inspector_app.runtime.cards import CARD, read_card
from inspector_app.workflow.fetching import Wish, bring
from inspector_app.workflow.naming import checked_name, name_like
from inspector_app.workflow.places import Disk


def add(folder: Path, *, name: str = "") -> Steps[Path]:
    """Copy a checkpoint to the user's models, with a card where it has none.

    The card is that of a model that comes with the program and has the same architecture,
    with the layer for maps at the same depth.

    Args:
        folder: With `config.json`, tokenizer, processor and safetensors.
        name: What to call it; "" for the folder's own name, or one like it.

    Returns:
        The model's folder.

    Raises:
        WrongUse, CannotWrite: see `naming.checked_name`.
        ModelTrouble: it is no checkpoint, or of an architecture that is not allowed.
    """
    if not files.is_folder(folder):
        raise WrongUse(
            f"There is no folder {folder} to add a model from.",
            hint="Name the folder that holds config.json and the .safetensors files.",
        )
    called = checked_name(name or name_like(folder.resolve().name))
    yield Step("open", 0, 1)
    kin = _kin()
    config = checkpoint.read_config(folder, architectures=kin)
    checkpoint.weight_files(folder)
    checkpoint.load_tokenizer(folder)
    architecture = checkpoint.architecture_of(config)
    if files.is_file(folder / CARD):
        card: dict[str, Any] = _own_card(folder, kin=kin[architecture]) | {"name": called}
    else:
        card = _card(called, config=config, kin=kin[architecture])
    wish = Wish(called, tomli_w.dumps(card).encode(), "", "", (architecture,))
    return (yield from bring(wish, Disk(folder)))


def _kin() -> dict[str, Card]:
    """A shipped card for each architecture that is allowed."""
    found: dict[str, Card] = {}
    for path in sorted(paths.shipped_models().glob(f"*/{CARD}")):
        card = read_card(path.parent)
        facts: Any = card.facts or {}
        for name in facts.get("architecture", {}).get("architectures", ()):
            found.setdefault(str(name), card)
    return found


def _own_card(folder: Path, *, kin: Card) -> dict[str, Any]:
    """The card that lies in the folder.

    Raises:
        ModelTrouble: it is damaged; or lets another family load the checkpoint, such as one
            that would send pictures to a server.
    """
    card = read_card(folder)
    if card.family != kin.family:
        raise ModelTrouble(
            f'The card in {folder} names the family "{card.family}", but the checkpoint beside '
            f'it is one for "{kin.family}".',
            hint=f"Correct the family in {CARD}, or take the file away: a card is then made.",
        )
    return dict(card.facts or {})


def _card(name: str, *, config: Mapping[str, Any], kin: Card) -> dict[str, Any]:
    """A card like that of a model of the same architecture.

    Raises:
        ModelTrouble: transformers makes no network of this config.
    """
    facts: Any = kin.facts
    try:
        whole = sizes.on_paper(config)
        depth = int(whole.config.get_text_config().num_hidden_layers)
        family = plugins.load(families, kin.family)
        picture = int(family.picture_tokens(whole.config, card=kin))
    except Exception as error:  # whatever a library makes of somebody's config
        raise ModelTrouble(
            f'The config.json of "{name}" describes no network ({type(error).__name__}).',
            hint="Copy or download the whole checkpoint again.",
        ) from error
    of_kin = int(facts["architecture"]["text_config"]["num_hidden_layers"])
    return {
        "name": name,
        "family": kin.family,
        "title": name,
        "parameters": sizes.parameters(whole),
        "limits": "Added by the user; nobody told what it does not know.",
        "prompt": dict(facts["prompt"]),
        "attention": {
            "layer": min(depth - 1, round(kin.layer * depth / of_kin)),
            "basis": f"that of {kin.name}, {kin.layer} of {of_kin}, at the same depth of "
            f"{depth}; not measured",
        },
        "memory": sizes.memory_mib(whole, picture=picture),
    }
