"""`inspector presets ...`: named ways of working, and the library of prompt templates."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from inspector_app import crops, files, paths, plugins, reports
from inspector_app import presets as preset_files
from inspector_app.cli.access import acting
from inspector_app.cli.terminal import JsonFile, Quiet, add, finish, say, say_table, warn
from inspector_app.cli.terminal import show as show_figures
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.operators import Right
from inspector_app.domain.preset import Preset
from inspector_app.domain.rule_trial import tried, tried_on
from inspector_app.domain.template import VARIABLES, lint
from inspector_app.domain.verdict import REGION_RULES, rules_for
from inspector_app.presets import checking, folder, packing, templates
from inspector_app.presets.folder import StoredPreset
from inspector_app.presets.shelf import FileShelf

presets = typer.Typer(
    help="Named ways of working: list, show, check, exchange and compare them.",
    invoke_without_command=True,
    no_args_is_help=False,
)

Named = Annotated[str, typer.Argument(help="Name of a preset, or a file that ends in .json.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


@presets.callback()
def _top(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_presets()


@presets.command("list")
def list_presets() -> None:
    """List the presets."""
    read = preset_files.read_presets()
    table = Table("name", "title", "whose", "strategy", "crops", "question")
    for one in read.stored:
        preset = one.preset
        places, scales = len(preset.rois) or preset.options.count, len(preset.options.crop_scales)
        shown = str(places) if scales == 1 else f"{places} x {scales}"
        add(table, one.name, preset.title, _whose(one), preset.strategy, shown, _asked(one))
    say_table(table)
    for notice in read.notices:
        warn(notice)


@presets.command()
def show(
    name: Named,
    as_json: Annotated[bool, typer.Option("--json", help="The file itself.")] = False,
) -> None:
    """Show everything that a preset says."""
    one = preset_files.named_or_file(name)
    if as_json:
        say(folder.as_bytes(one.content).decode())
        return
    table = Table(Column("entry", overflow="fold"), Column("value", overflow="fold"))
    for place, value in checking.entries(one.content):
        add(table, place, value)
    say_table(table)
    say(f"{one.name} ({_whose(one)}) asks: {_asked(one) or '-'}")


@presets.command()
def validate(
    file: Annotated[list[str], typer.Argument(help="Files, or names of presets.")],
) -> None:
    """Check preset files; nothing is changed. The exit code is 2 if one cannot be used."""
    bad = 0
    for name in file:
        try:
            one = preset_files.named_or_file(name)
        except WrongUse as error:
            found = _all_faults(name) or [error.sentence()]
        else:
            found = [fault.sentence for fault in shelf().faults(_document(one))]
            _warn_of_missing(one)
        bad += bool(found)
        say("\n".join(f"{name}: {sentence}" for sentence in found) if found else f"{name}: good")
    if bad:
        count = "1 preset" if bad == 1 else f"{bad} presets"
        raise WrongUse(f"{count} of {len(file)} cannot be used.", hint="Correct those entries.")


@presets.command("try")
def try_answer(
    name: Named,
    answer: Annotated[str, typer.Argument(help="What the model might say.")],
    region: Annotated[int, typer.Option(help="Try the checks of this region, from 1.", min=0)] = 0,
) -> None:
    """Tell what a preset's rules make of an answer, as if the model were sure and all else well."""
    preset = preset_files.named_or_file(name).preset
    asked = templates.worded(preset, "")
    rules = preset.rules or rules_for(asked)
    if region > len(preset.rois):
        raise WrongUse(f"The preset has {len(preset.rois)} regions.", hint="Count from 1.")
    if region:
        fixed = preset.rois[region - 1]
        found = tried_on(answer, fixed, rules=rules or REGION_RULES, question=asked)
    else:
        found = None if rules is None else tried(answer, rules=rules, question=asked)
    if found is None:
        say("no verdict: there is no check, and the question asks for none")
        return
    detail = f" ({found.detail})" if found.detail else ""
    say(f"{found.outcome}: {found.reason}{detail}")
    for one in found.findings:
        suggestion = f": {one.suggestion}" if one.suggestion else ""
        say(f"finding: {one.type}, {one.severity}{suggestion}")
    for flag in found.flags:
        say(f"doubt: {flag}")


@presets.command("export")
def export_preset(
    name: Named,
    destination: Annotated[Path, typer.Argument(help="A file, or a folder to put it into.")],
    force: Force = False,
) -> None:
    """Write a preset to a file for another machine; .zip takes its pictures along."""
    one = preset_files.named_or_file(name)
    suffix = packing.SUFFIX if packing.pictures_of(one.content) else ".json"
    path = destination / f"{one.name}{suffix}" if destination.is_dir() else destination
    _refuse_to_replace(path, is_there=path.exists(), force=force)
    if path.suffix.lower() == packing.SUFFIX:
        preset_files.check_name(path.stem)
        content = packing.pack(one.content, name=path.stem, folder=one.path.parent)
    else:
        content = folder.as_bytes(one.content)
    files.write_whole(path, content)
    say(f"wrote {path}")


@presets.command("import")
def import_preset(
    file: Annotated[Path, typer.Argument(help="A preset's file.")],
    name: Annotated[str, typer.Option("--name", help="Call it so; else like the file.")] = "",
    force: Force = False,
) -> None:
    """Take a preset's file among your own, or a .zip with its pictures; old ones are brought up."""
    acting(Right.PRESETS)
    entry = shelf().take_in(str(file))
    wanted = name or entry.name
    preset_files.check_name(wanted)
    if faults := shelf().faults(entry.document):
        raise WrongUse(
            f"The preset {file.name} cannot be used here ({faults[0].sentence}).",
            hint="Correct that entry, or install what it names.",
        )
    there = {entry.name for entry in preset_files.read_presets().stored}
    _refuse_to_replace(Path(wanted), is_there=wanted in there, force=force)
    shelf().bring_in(str(file), wanted)
    say(f"wrote {folder.own_folder() / wanted}{folder.SUFFIX}")
    _warn_of_missing(preset_files.stored(wanted))


@presets.command()
def diff(
    name: Named,
    other: Annotated[
        str, typer.Argument(help="A preset to compare with; else the shipped one of that name.")
    ] = "",
) -> None:
    """Show what a preset says otherwise than another; without one, than the shipped."""
    after = preset_files.named_or_file(name)
    before = preset_files.named_or_file(other) if other else preset_files.shipped(after.name)
    if before is None:
        raise WrongUse(
            f'No preset "{after.name}" is shipped.', hint="Name one to compare with as well."
        )
    table = Table(
        Column("entry", overflow="fold"),
        f"{before.name} ({_whose(before)})",
        f"{after.name} ({_whose(after)})",
    )
    changes = checking.changes(before.content, after.content)
    for change in changes:
        add(table, change.place, change.before or "-", change.after or "-")
    if changes:
        say_table(table)
    else:
        say("no difference")


@presets.command()
def restore(name: Annotated[str, typer.Argument(help="Name of a preset of yours.")]) -> None:
    """Take your own preset away, so that the shipped one of that name shows again."""
    acting(Right.PRESETS)
    one = preset_files.stored(name)
    if not one.is_own:
        raise WrongUse(f'The preset "{name}" is as it was shipped.', hint="Nothing was changed.")
    if not one.hides_shipped:
        raise WrongUse(
            f'No preset "{name}" is shipped that could take its place.',
            hint=f"Export it first, then delete {one.path} to be rid of it.",
        )
    preset_files.remove(name)
    say(f"{name} is again as it was shipped")


@presets.command("templates")
def list_templates() -> None:
    """List the prompt templates in English and Chinese, with what the linter says."""
    read = templates.read_templates()
    table = Table("language", "name", "title", "whose", "text", "advice")
    for one in read.templates:
        advice = " ".join(flaw.text for flaw in lint(one))
        whose = "yours" if one.is_own else "shipped"
        add(table, one.language, one.name, one.title, whose, one.text, advice)
    say_table(table)
    for notice in read.notices:
        warn(notice)


@presets.command("lint")
def lint_template(
    file: Annotated[list[Path], typer.Argument(help="Files of prompt templates.")],
    language: Annotated[str, typer.Option(help="Of the templates: en or zh_CN.")] = "en",
) -> None:
    """Check prompt templates: above all, whether they end at the answer. Nothing is changed."""
    bad = 0
    for path in file:
        try:
            flaws = lint(templates.read_any(path, language=language))
        except WrongUse as error:
            bad += 1
            say(f"{path}: {error.sentence()}")
            continue
        bad += any(flaw.is_grave for flaw in flaws)
        for flaw in flaws:
            say(f"{path}: {'' if flaw.is_grave else 'advice: '}{flaw.text}")
        if not flaws:
            say(f"{path}: good")
    if bad:
        count = "1 template" if bad == 1 else f"{bad} templates"
        raise WrongUse(f"{count} of {len(file)} cannot be used.", hint="Correct what was told.")


@presets.command("add-template")
def add_template(
    file: Annotated[Path, typer.Argument(help="A prompt template's file.")],
    language: Annotated[str, typer.Option(help="Of the template: en or zh_CN.")] = "en",
    force: Force = False,
) -> None:
    """Take a prompt template among your own, if it ends at the answer."""
    acting(Right.PRESETS)
    found = templates.read_file(file, language=language)
    there = templates.own_folder() / language / file.name
    _refuse_to_replace(there, is_there=there.exists(), force=force)
    say(f"wrote {templates.save_template(found)}")


@presets.command()
def compare(  # noqa: PLR0913, PLR0917  one parameter an option
    a: Annotated[str, typer.Argument(help="A prompt template; - for the bare question.")],
    b: Annotated[str, typer.Argument(help="Another one.")],
    labels: Annotated[
        Path, typer.Argument(help="CSV file with the columns picture, question, expected.")
    ],
    preset: Annotated[
        str, typer.Option("-p", "--preset", help="Everything but the template: a preset.")
    ] = "text",
    language: Annotated[str, typer.Option(help="Of the templates: en or zh_CN.")] = "en",
    json_file: JsonFile = None,
    quiet: Quiet = False,
) -> None:
    """Ask labelled questions by two templates, and test whether one is right more often."""
    base = preset_files.preset(preset)
    from inspector_app.workflow import comparing  # noqa: PLC0415  reads the rooms behind it

    read = comparing.read_labels(labels)
    names = ["" if name == "-" else name for name in (a, b)]
    ways = [comparing.way_of(base, name, language=language) for name in names]
    from inspector_app.workflow.decoder import Decoder  # noqa: PLC0415  only here
    from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

    with Decoder(most=1) as decoder:
        decoder.start()
        workbench = Workbench(pictures=decoder)
        try:
            job = comparing.compare(workbench.perform, read, (ways[0], ways[1]))
            show_figures(finish(job, quiet=quiet), json_file)
        finally:
            workbench.close()


def with_words(preset: Preset, typed: Sequence[str]) -> Preset:
    """A preset with words for its template, typed as NAME=WORDS.

    Raises:
        WrongUse: the text has no such form, or the preset has no template.
    """
    if not typed:
        return preset
    if not preset.wording.template:
        raise WrongUse(
            f'The preset "{preset.name}" has no prompt template.', hint="Leave out --set."
        )
    given = dict(preset.wording.variables)
    for text in typed:
        name, mark, words = text.partition("=")
        if not mark or name.strip() not in VARIABLES:
            raise WrongUse(
                f'"{text[:80]}" sets nothing.',
                hint=f"Write NAME=WORDS; the names are {', '.join(VARIABLES)}.",
            )
        given[name.strip()] = words
    return replace(preset, wording=replace(preset.wording, variables=tuple(given.items())))


def shelf() -> FileShelf:
    """Presets with what this program has to serve them."""
    return FileShelf(
        strategies=plugins.names(crops),
        models=paths.model_names,
        formats=plugins.names(reports),
        holds_many=lambda name: hasattr(plugins.load(reports, name), "write_book"),
    )


def _document(one: StoredPreset) -> dict[str, object]:
    document: dict[str, object] = one.content.model_dump(mode="json")
    return document


def _all_faults(name: str) -> list[str]:
    """Every fault of a file that is JSON; nothing where it is none, or of a later version."""
    try:
        document = json.loads(Path(name).read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    return [fault.sentence for fault in checking.faults(document)]


def _warn_of_missing(one: StoredPreset) -> None:
    for gap in packing.missing_files(one.content, folder=one.path.parent):
        warn(f"{one.name}: {gap.sentence}; until it is there, every verdict is CHECK")


def _asked(one: StoredPreset) -> str:
    try:
        return templates.worded(one.preset, "")
    except WrongUse:
        return one.preset.question


def _whose(one: StoredPreset) -> str:
    if not one.is_own:
        return "shipped"
    return "changed" if one.hides_shipped else "yours"


def _refuse_to_replace(path: Path, *, is_there: bool, force: bool) -> None:
    if is_there and not force:
        raise WrongUse(f"There is a {path} already.", hint="Use --force to replace it.")
