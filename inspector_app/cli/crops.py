"""The crop strategies there are: `inspector crops`."""

from rich.table import Table

from inspector_app import crops, plugins
from inspector_app.cli.terminal import add, say_table

_NEEDS = {"ask": "ask", "attend": "see attention", "backpropagate": "compute gradients"}


def list_crops() -> None:
    """Every way of looking closer, with what a model must be able to do for it."""
    table = Table("name", "title", "what it does", "the model must")
    for name in plugins.names(crops):
        one = plugins.load(crops, name)
        first = (one.__doc__ or "").partition("\n")[0].partition(" Source:")[0]
        needs = ", ".join(_NEEDS[need] for need in one.NEEDS) or "answer"
        add(table, name, one.TITLE, first.strip().removesuffix("."), needs)
    say_table(table)
