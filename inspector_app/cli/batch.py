"""`inspector batch`: one question to every picture of a folder."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector_app import presets as preset_files
from inspector_app.cli.access import operator_note
from inspector_app.cli.asking import default_strategy, laid, options_from, strays, wanted_model
from inspector_app.cli.filing import file_reports
from inspector_app.cli.presets import with_words
from inspector_app.cli.terminal import (
    Asked,
    Count,
    Gate,
    ModelName,
    PresetName,
    Quiet,
    Strategy,
    TemplateWords,
    finish,
    say,
)
from inspector_app.domain.frame import Frame
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.question import NEUTRAL
from inspector_app.presets.templates import worded

if TYPE_CHECKING:
    from inspector_app.workflow.batching import Ended


MOST_TOGETHER = 16


def batch(  # noqa: PLR0913, PLR0917  one parameter an option
    folder: Annotated[Path, typer.Argument(help="Folder of pictures.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the results.", show_default=False)],
    preset: PresetName = "",
    question: Asked = "",
    words: TemplateWords = None,
    model: ModelName = "embedded",
    strategy: Strategy = "",
    count: Count = None,
    gate: Gate = None,
    together: Annotated[
        int | None,
        typer.Option(
            help="Most pictures that go through the network at once; else as the preset says.",
            min=1,
            max=MOST_TOGETHER,
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a batch.")] = False,
    quiet: Quiet = False,
) -> None:
    """Ask about every picture of a folder: one line of JSON each, nothing lost by a kill."""
    chosen = with_words(preset_files.preset(preset), words or ()) if preset else None
    most = together or (min(chosen.batch, MOST_TOGETHER) if chosen else MOST_TOGETHER)
    # Grey windows are for pictures of more than 8 bits: `fitted` adds them where they belong.
    options = replace(chosen.options, windows=()) if chosen else Options()
    asked = Inspect(
        locator="",
        question=worded(chosen, question) if chosen else question,
        strategy=strategy or default_strategy(chosen.strategy if chosen else "", None),
        options=options_from(options, count=count, gate=gate, layer=None, roi=None),
        neutral=chosen.wording.neutral if chosen else NEUTRAL,
        model=wanted_model(chosen, LoadModel(model)),
        rules=chosen.rules if chosen else None,
        notes=operator_note(),
        strays=chosen is not None and strays(chosen, question),
    )
    if chosen:
        note = chosen.note(strategy=asked.strategy, options=asked.options)
        picture = chosen.template_picture if asked.strategy == chosen.strategy else ""
        asked = replace(asked, notes=(note, *asked.notes), template=picture)

    def fitted(one: Inspect, frame: Frame) -> Inspect:
        return one if chosen is None else replace(one, options=laid(one, chosen, frame))

    from inspector_app.workflow.decoder import Decoder  # noqa: PLC0415  only here

    # One decodes the next picture while the other may be needed for this one.
    with Decoder(most=2) as decoder:
        decoder.start()
        from inspector_app.workflow.batching import Batch, run  # noqa: PLC0415  reads torch
        from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

        workbench = Workbench(pictures=decoder)
        try:
            wanted = Batch(folder.absolute(), out, asked, fitted, most=most)
            ended = finish(run(workbench, wanted, resume=resume), quiet=quiet)
        finally:
            workbench.close()
    if chosen:
        _file(ended, chosen, quiet=quiet)
    counts = ", ".join(f"{count} {name or 'answered'}" for name, count in ended.outcomes.items())
    say(f"{ended.total} pictures: {counts}.")
    if ended.before:
        say(f"Done before: {ended.before}.")
    if ended.most < most:
        say(f"{ended.most} at a time, as memory allows.")
    say(f"One line each in {ended.results}. The inspections are in the records.")


def _file(ended: "Ended", preset: Preset, *, quiet: bool) -> None:
    """Write the reports that the preset wants of a batch; what is there already stays as it is."""
    if not preset.reports.formats:
        return
    from inspector_app.workflow.filing import numbers_in  # noqa: PLC0415  reads the reports

    lines = [json.loads(line) for line in ended.results.read_text("utf-8").splitlines() if line]
    numbers = numbers_in(lines)
    if numbers:
        file_reports(numbers, preset, quiet=quiet)
