"""The card in a model folder."""

import tomllib
from pathlib import Path

from inspector_app import files
from inspector_app.domain.card import Card
from inspector_app.domain.errors import ModelTrouble

CARD = "card.toml"


def read_card(folder: Path) -> Card:
    """Read `card.toml` of a model folder.

    Raises:
        ModelTrouble: no such folder, no card in it, or the card cannot be understood.
    """
    if not files.is_folder(folder):
        raise ModelTrouble(
            f"There is no model folder {folder}.",
            hint="Choose one of the installed models, or a folder with a card.toml.",
        )
    path = folder / CARD
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelTrouble(
            f"The model folder {folder} has no {CARD}.",
            hint="Copy models/embedded/card.toml there and adapt it to the checkpoint.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelTrouble(
            f"The card {path} is no valid TOML: {error}.", hint="Correct that line of the file."
        ) from error
    except (ValueError, RecursionError) as error:
        raise ModelTrouble(
            f"The card {path} holds a number or a nesting beyond all measure.",
            hint="Compare it with models/embedded/card.toml.",
        ) from error
    except OSError as error:
        raise ModelTrouble(
            f"The card {path} cannot be read: {error.strerror}.",
            hint="Check the permissions of the folder.",
        ) from error
    return Card.from_mapping(parsed, where=str(path))
