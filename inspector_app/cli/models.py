"""`inspector models`: what models there are, pulling, adding and comparing them."""

import json
import tomllib
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from inspector_app import paths
from inspector_app.cli.arrivals import arriving
from inspector_app.cli.terminal import Quiet, add, finish, say, say_table, warn
from inspector_app.domain.checkpoint import Presence, PullModel, VerifyModel
from inspector_app.domain.errors import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector_app.domain.checkpoint import ModelLine, ModelList

models = typer.Typer(help="The models.", invoke_without_command=True)

Name = Annotated[str, typer.Argument(help="Name of a model, or its folder.", show_default=False)]


@models.callback()
def top(context: typer.Context) -> None:
    """List the models, or do one of the commands."""
    if context.invoked_subcommand is None:
        list_models()


@models.command("list")
def list_models() -> None:
    """List the models: what is here, and what memory each precision needs in GB."""
    from inspector_app.workflow.model_shelf import list_models as listed  # noqa: PLC0415

    found = finish(listed(), quiet=True)
    needs = ("float32", "bfloat16", "int8")
    # What is typed again is never broken, not even on a terminal of 80 columns.
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("name", no_wrap=True)
    table.add_column("title, licence", overflow="fold", min_width=14)
    table.add_column("here", overflow="fold")
    table.add_column("family", no_wrap=True)
    for short in ("fp32", "bf16", "int8"):
        table.add_column(short, no_wrap=True, justify="right")
    for line in found.lines:
        if line.trouble:
            warn(line.trouble)
        told = dict(line.memory_mib)
        cells = (_gigabytes(told[one]) if one in told else "" for one in needs)
        about = f"{line.title}, {line.licence}"
        add(table, line.name, about, _here(line), line.family, *cells)
    say_table(table)
    say(_room(found))


def _here(line: "ModelLine") -> str:
    if not line.can_load:
        return "cannot be loaded yet"
    words = {
        Presence.READY: "yes",
        Presence.ABSENT: "no",
        Presence.PARTIAL: f"half pulled, {line.bytes_here / 1e9:.1f} GB",
        Presence.SERVER: "on a server, no maps",
        Presence.DAMAGED: "damaged",
    }
    return words[line.presence]


def _room(found: "ModelList") -> str:
    card = "" if found.card_mib is None else f", {_gigabytes(found.card_mib)} GB on the card"
    return (
        f"Free: {_gigabytes(found.free_mib)} GB memory{card}, {found.disk_bytes / 1e9:.0f} GB disk."
    )


def _gigabytes(mib: int) -> str:
    return f"{mib * 2**20 / 1e9:.1f}"


@models.command()
def pull(
    name: Name,
    source: Annotated[
        str,
        typer.Option("--from", help="modelscope, a mirror's address or a folder; else the hub."),
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Bring a model's files to this computer, or repair them; goes on where it was stopped."""
    from inspector_app.workflow.fetching import pull as pulled  # noqa: PLC0415  reads httpx
    from inspector_app.workflow.manifest import read_manifest  # noqa: PLC0415  only here

    folder = arriving(pulled(PullModel(name, source)), quiet=quiet)
    called, manifest = Path(folder).name, read_manifest(Path(folder))
    # A plain folder tells no hashes to compare with, and no commit.
    is_compared = manifest is not None and bool(manifest.revision)
    how = "every file as published" if is_compared else "every file as it lay there"
    say(f'"{called}" is in {folder}, {how}. Ask it with: --model {called}')


@models.command()
def verify(name: Name, quiet: Quiet = False) -> None:
    """Compare each file of a model with the SHA-256 of its manifest."""
    from inspector_app.workflow.model_shelf import verify_model  # noqa: PLC0415  only here

    count = arriving(verify_model(VerifyModel(name)), quiet=quiet)
    say(f'All {count} files of "{name}" are as they came.')


@models.command()
def tower(name: Name, quiet: Quiet = False) -> None:
    """Export a model's vision tower for ONNX Runtime; it is used where it is faster here."""
    from inspector_app.runtime.onnx_tower import in_words  # noqa: PLC0415  reads torch
    from inspector_app.workflow.towers import export_tower  # noqa: PLC0415  reads torch

    say(in_words(finish(export_tower(name), quiet=quiet)))


@models.command("add")
def add_folder(
    folder: Annotated[
        Path, typer.Argument(help="With config.json and .safetensors.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="What to call it; else like the folder.")] = "",
    quiet: Quiet = False,
) -> None:
    """Copy a checkpoint to the models, with a card where it has none."""
    from inspector_app.workflow.adding import add as added  # noqa: PLC0415  reads torch

    there = arriving(added(folder, name=name), quiet=quiet)
    say(f'"{there.name}" is in {there}. Look at its card, then ask it with: --model {there.name}')


@models.command()
def show(name: Name) -> None:
    """Tell everything that a model's card says, and which commit of it is here."""
    from inspector_app.runtime.cards import read_card  # noqa: PLC0415  only here
    from inspector_app.workflow.loading import model_folder  # noqa: PLC0415  heavy
    from inspector_app.workflow.manifest import read_manifest  # noqa: PLC0415  only here

    folder = model_folder(name)
    card, manifest = read_card(folder), read_manifest(folder)
    told = dict(card.facts or {})
    if manifest is not None:
        told["pulled"] = {"revision": manifest.revision, "origin": manifest.origin}
    say(json.dumps(told, indent=2, ensure_ascii=False, default=str))


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

    The server is tried with a grey picture before anything is written. One that was added before
    is written anew.
    """
    import tomli_w  # noqa: PLC0415  only here

    from inspector_app import files  # noqa: PLC0415  only here
    from inspector_app.workflow.naming import checked_name  # noqa: PLC0415  only here

    folder = paths.user_models() / name
    if not _is_server(name):
        checked_name(name)
    server: dict[str, Any] = {"url": url, "model": model, "patience_s": patience, "side": side}
    if key:
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
    with _key_kept(name) if key else nullcontext():
        told = _tried(card)
    files.make_folder(folder)
    files.write_whole(folder / "card.toml", tomli_w.dumps(card).encode())
    say(f'"{name}" answers from {told}. Ask it with: --model {name}')


def _is_server(name: str) -> bool:
    """Whether a model that the user added by this name is on a server."""
    from inspector_app.workflow.naming import sound_name  # noqa: PLC0415  only here

    path = paths.user_models() / sound_name(name) / "card.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("family") == "remote"
    except (OSError, ValueError, RecursionError):
        return False


@contextmanager
def _key_kept(name: str) -> "Iterator[None]":
    """Ask for a key and keep it, unless what is then done with it fails.

    Raises:
        CannotWrite: the keyring does not take it.
    """
    import keyring  # noqa: PLC0415  reads its backends

    from inspector_app.families.remote import SERVICE  # noqa: PLC0415  heavy

    secret = typer.prompt("Key", hide_input=True).strip()
    try:
        before = keyring.get_password(SERVICE, name)
        keyring.set_password(SERVICE, name, secret)
    except Exception as error:  # keyrings let errors of their buses and systems through
        raise CannotWrite(
            "The system's keyring does not take the key.",
            hint="Unlock it or install one (on Linux: gnome-keyring or KWallet).",
        ) from error
    try:
        yield
    except BaseException:
        with suppress(Exception):
            if before is None:
                keyring.delete_password(SERVICE, name)
            else:
                keyring.set_password(SERVICE, name, before)
        raise


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
