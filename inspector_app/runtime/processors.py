"""What reading any image processor's file takes, and what is said where it cannot be used."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from inspector_app.domain.errors import ModelTrouble


def given(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that are not null; null means "the usual"."""
    return {name: value for name, value in saved.items() if value is not None}


def unknown_processor(kind: str, *, where: str, hint: str) -> ModelTrouble:
    """For a processor that this family's pictures cannot be prepared by."""
    return ModelTrouble(
        f'The image processor "{kind}" in {where} is not one that can be used.', hint=hint
    )


@contextmanager
def understood(where: str) -> Iterator[None]:
    """Say in words what is wrong where values are missing or make no sense.

    Raises:
        ModelTrouble: they are, or do not.
    """
    try:
        yield
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise ModelTrouble(
            f"The image processor's file {where} cannot be understood ({error}).",
            hint="Take the file that came with the checkpoint.",
        ) from error
