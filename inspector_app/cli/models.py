"""`inspector models`: list and show the models, and add one that runs on a server."""

import json
import re
from typing import Annotated, Any

import typer
from rich.table import Table

from inspector_app import paths
from inspector_app.cli.terminal import add, say, say_table, warn
from inspector_app.domain.errors import CannotWrite, ModelTrouble, WrongUse

models = typer.Typer(help="The models.", invoke_without_command=True)

Name = Annotated[str, typer.Argument(help="Name of a model, or its folder.", show_default=False)]


@models.callback()
def top(context: typer.Context) -> None:
    """List the models, or do one of the commands."""
    if context.invoked_subcommand is None:
        list_models()


@models.command("list")
def list_models() -> None:
    """List the models."""
    from inspector_app.runtime.cards import read_card  # noqa: PLC0415  only here
    from inspector_app.workflow.loading import model_folder  # noqa: PLC0415  heavy

    table = Table("name", "title", "family", "licence", "folder")
    for name in paths.model_names():
        folder = model_folder(name)
        try:
            card = read_card(folder)
        except ModelTrouble as error:
            warn(error.sentence())
        else:
            add(table, name, card.title, card.family, card.licence, str(folder))
    say_table(table)


@models.command()
def show(name: Name) -> None:
    """Tell everything that a model's card says."""
    from inspector_app.runtime.cards import read_card  # noqa: PLC0415  only here
    from inspector_app.workflow.loading import model_folder  # noqa: PLC0415  heavy

    card = read_card(model_folder(name))
    say(json.dumps(card.facts, indent=2, ensure_ascii=False, default=str))


@models.command("add-server")
def add_server(
    name: Annotated[str, typer.Argument(help="What to call it here.", show_default=False)],
    url: Annotated[
        str, typer.Argument(help="Address, such as http://lab:8000/v1.", show_default=False)
    ],
    model: Annotated[str, typer.Option("--model", help="The server's name for the model.")],
    key: Annotated[
        bool, typer.Option("--key", help="Ask for the server's key; the system's keyring keeps it.")
    ] = False,
    patience: Annotated[float, typer.Option(help="Longest silence to wait for, in seconds.")] = 60,
    side: Annotated[int, typer.Option(help="Longest side of the pictures sent, in pixels.")] = 1536,
) -> None:
    """Add a model on an OpenAI-compatible server (vLLM, Ollama, LM Studio, transformers serve).

    The server is tried with a grey picture before anything is written.
    """
    import tomli_w  # noqa: PLC0415  only here

    from inspector_app import files  # noqa: PLC0415  only here

    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) is None:
        raise WrongUse(f'"{name}" is no name for a folder.', hint="Use letters, digits and -.")
    folder = paths.user_models() / name
    if name in paths.model_names():
        raise CannotWrite(
            f'There is a model "{name}" already.', hint=f"Choose another name, or remove {folder}."
        )
    server: dict[str, Any] = {"url": url, "model": model, "patience_s": patience, "side": side}
    if key:
        _keep_key(name)
        server["key"] = name
    card = {
        "name": name,
        "family": "remote",
        "title": f"{model} on a server",
        "limits": f"It runs on the server {url}: every picture that is asked about is sent there. "
        "It does not tell where it looks, so there is no attention map.",
        "server": server,
        "prompt": {"template": "{images}{question}", "max_tokens": 128},
        "attention": {"layer": 0},
    }
    told = _tried(card)
    files.make_folder(folder)
    files.write_whole(folder / "card.toml", tomli_w.dumps(card).encode())
    say(f'"{name}" answers from {told}. Ask it with: --model {name}')


def _keep_key(name: str) -> None:
    import keyring  # noqa: PLC0415  reads its backends
    import keyring.errors  # noqa: PLC0415  likewise

    from inspector_app.families.remote import SERVICE  # noqa: PLC0415  heavy

    secret = typer.prompt("Key", hide_input=True)
    try:
        keyring.set_password(SERVICE, name, secret)
    except keyring.errors.KeyringError as error:
        raise CannotWrite(
            "The system's keyring does not take the key.",
            hint="Unlock it or install one (on Linux: gnome-keyring or KWallet).",
        ) from error


def _tried(card: dict[str, Any]) -> str:
    """Connect to the server of a card; where it is and what it tells, in words.

    Raises:
        ModelTrouble: see `families.remote.connect`.
    """
    from inspector_app.domain.card import Card  # noqa: PLC0415  only here
    from inspector_app.families import remote  # noqa: PLC0415  heavy

    found = remote.connect(Card.from_mapping(card, where="the new card"))
    tells = "with" if found.has_logprobs else "without"
    return f"{found.server.origin}, {tells} probabilities"
