"""`inspector presets golden`: is a preset still right about the samples whose verdict is known?"""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from inspector_app import presets as preset_files
from inspector_app.cli.access import operator_note
from inspector_app.cli.asking import wanted_model
from inspector_app.cli.terminal import ModelName, Quiet, add, finish, say, say_table
from inspector_app.domain.errors import InspectorError, WrongUse
from inspector_app.domain.gesture import Gesture, Verb
from inspector_app.domain.golden import LINE, GoldenCheck, GoldenSample, SampleSeen
from inspector_app.domain.messages import FindGolden, Inspect, KeepGesture, LoadModel
from inspector_app.domain.preset import Preset
from inspector_app.domain.sampling import on_sample
from inspector_app.domain.search import OPERATOR_NOTE
from inspector_app.domain.verdict import Outcome
from inspector_app.presets.templates import worded

if TYPE_CHECKING:
    from inspector_app.workflow.workbench import Workbench

WRONG = 10
"""Exit code where a sample is judged otherwise than it must be."""


def judge_golden(
    name: Annotated[str, typer.Argument(help="Name of a preset, or a file that ends in .json.")],
    model: ModelName = "embedded",
    quiet: Quiet = False,
) -> None:
    """Judge a preset's golden samples; the exit code is 10 unless every verdict is right."""
    preset = preset_files.preset(name)
    if not preset.golden.is_demanded:
        raise WrongUse(
            f'The preset "{preset.name}" names no golden samples.', hint="Name some in it."
        )
    from inspector_app.workflow.decoder import Decoder  # noqa: PLC0415  only here
    from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

    with Decoder(most=1) as decoder:
        decoder.start()
        bench = Workbench(pictures=decoder)
        try:
            check = _checked(bench, preset, LoadModel(model), quiet=quiet)
            gesture = Gesture(Verb.CHECKED, (check,), by=check.operator)
            finish(bench.perform(KeepGesture(LINE, gesture)), quiet=True)
        finally:
            bench.close()
    _tell(check)
    if not check.is_passed:
        raise typer.Exit(WRONG)


def _checked(bench: "Workbench", preset: Preset, load: LoadModel, *, quiet: bool) -> GoldenCheck:
    samples: tuple[GoldenSample, ...] = finish(
        bench.perform(FindGolden(preset.golden)), quiet=quiet
    )
    notes = operator_note()
    asked = Inspect(
        "",
        worded(preset, ""),
        preset.strategy,
        preset.options.bare,
        neutral=preset.wording.neutral,
        model=wanted_model(preset, load),
        rules=preset.rules,
        notes=notes,
    )
    seen, facts = [], ""
    for sample in samples:
        outcome, words, sha256 = Outcome.CHECK, "", ""
        try:
            made = finish(bench.perform(on_sample(asked, preset, sample)), quiet=quiet)
        except InspectorError as error:
            words = error.sentence()
        else:
            sha256, facts = made.provenance.sha256, f"{made.model.name} {made.model.weights_sha256}"
            words = made.answer.text
            if made.verdict is not None:
                outcome, words = made.verdict.outcome, made.verdict.reason
        picture = Path(sample.picture).name
        seen.append(SampleSeen(picture, sha256, sample.expected, outcome, words[:400]))
    who = next((one.removeprefix(OPERATOR_NOTE) for one in notes), "")
    number = f"golden-{uuid.uuid4().hex[:12]}"
    return GoldenCheck(number, who, f"{preset.name} {preset.version}", facts, tuple(seen))


def _tell(check: GoldenCheck) -> None:
    table = Table("sample", "must be", "is", Column("why", overflow="fold"), "")
    for one in check.seen:
        add(table, one.name, one.expected, one.outcome, one.words, "" if one.is_right else "WRONG")
    say_table(table)
    wrong = len(check.wrong)
    say("all are right" if check.is_passed else f"{wrong} of {len(check.seen)} are wrong")
