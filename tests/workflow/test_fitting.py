"""The widest precision that fits, by what the card says."""

import pytest
import torch

from inspector_app import paths
from inspector_app.domain.card import Card
from inspector_app.domain.errors import OutOfMemory
from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.messages import LoadModel
from inspector_app.runtime import devices
from inspector_app.runtime.cards import read_card
from inspector_app.workflow import fitting
from inspector_app.workflow.fitting import fitted
from inspector_app.workflow.stepping import narrowed

SEVEN = read_card(paths.shipped_models() / "llava-1.5-7b")
"""Needs 29293, 14646 and 8348 MiB."""


def precision(free_mib, asked="auto", *, card: Card = SEVEN):
    return fitted(card, LoadModel("m", device="cpu", precision=asked), free_mib=free_mib).precision


@pytest.mark.parametrize(
    ("free_mib", "chosen"),
    [(29293, "float32"), (29292, "bfloat16"), (14645, "int8"), (8348, "int8")],
)
def test_auto_takes_the_widest_that_fits(free_mib, chosen):
    assert precision(free_mib) == chosen


@pytest.mark.parametrize(
    ("bfloat16", "free_mib", "chosen"),
    [
        (True, 50_000, "bfloat16"),
        (False, 50_000, "float16"),
        (False, 14_000, "int8"),
    ],
)
def test_on_a_graphics_card_auto_begins_with_sixteen_bits(monkeypatch, bfloat16, free_mib, chosen):
    narrow = torch.bfloat16 if bfloat16 else torch.float16
    place = devices.Placement(torch.device("cuda", 0), narrow)
    monkeypatch.setattr(fitting, "choose", lambda *_asked: place)

    assert precision(free_mib) == chosen


@pytest.mark.parametrize("asked", ["auto", "int8"])
def test_where_nothing_fits_it_is_said_before_anything_is_loaded(asked):
    with pytest.raises(OutOfMemory, match=r"needs 8.8 GB in int8, and 5.2 GB are free") as caught:
        precision(5000, asked)

    assert "a server" in caught.value.hint


def test_what_was_asked_for_by_name_is_kept_or_refused():
    assert precision(15_000, "bfloat16") == "bfloat16"
    with pytest.raises(OutOfMemory, match="float32") as caught:
        precision(15_000, "float32")

    assert "a lower precision" in caught.value.hint


def test_a_card_without_figures_changes_nothing():
    embedded = read_card(paths.shipped_models() / "embedded")

    assert precision(1, card=embedded) == "auto"


def test_free_memory_of_this_computer_is_found():
    request = LoadModel("m", device="cpu", precision="int8")
    small = Card(
        name="m",
        family="llava",
        title="m",
        template="{images}{question}",
        layer=0,
        memory_mib={"int8": 1},
    )

    assert fitted(small, request) == request


@pytest.mark.parametrize(
    ("precision", "ran", "said"),
    [
        ("auto", "int8", ("runs in int8: not enough free memory for float32",)),
        ("auto", "bfloat16", ("runs in bfloat16: not enough free memory for float32",)),
        ("auto", "float32", ()),
        # Somebody wanted it so; or it is a server's own business.
        ("int8", "int8", ()),
        ("auto", "unknown", ()),
    ],
)
def test_a_precision_that_memory_chose_is_said(precision, ran, said):
    facts = ModelFacts("seven", "llava", "cpu", ran, "")

    assert narrowed(LoadModel("seven", "cpu", precision), facts) == said
