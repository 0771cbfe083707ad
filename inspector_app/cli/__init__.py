"""The `inspector` command: the same jobs without a window.

Results go to stdout, progress and errors to stderr. Exit codes: 0 done, 2 wrong use,
3 unreadable input, 4 model trouble, 5 could not write; with `ask --exit-code` also 10 for the
verdict FAIL and 11 for CHECK or none.

    asking    how what was typed becomes a request
    batch     a folder of pictures
    bench     the benchmarks
    caches    what can be made again, and its removal
    crops     the crop strategies
    models    local ones, and those on servers
    presets   named ways of working, and prompt templates
    records   what is stored
    train     training the embedded model
    terminal  what is written to stdout and stderr
    users     who may work here
    access    who types a command, and whether that person may
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector_app import __version__, files, paths
from inspector_app import presets as preset_files
from inspector_app.cli.access import operator_note
from inspector_app.cli.asking import (
    default_strategy,
    options_from,
    strays,
    wanted_model,
    with_experiments,
    worked_by,
)
from inspector_app.cli.batch import batch
from inspector_app.cli.bench import benches, from_app
from inspector_app.cli.caches import caches
from inspector_app.cli.crops import list_crops
from inspector_app.cli.filing import file_reports
from inspector_app.cli.golden import judge_golden
from inspector_app.cli.models import models
from inspector_app.cli.presets import presets, with_words
from inspector_app.cli.records import records
from inspector_app.cli.terminal import (
    Asked,
    Budget,
    Count,
    Gate,
    Mix,
    ModelName,
    PresetName,
    Quiet,
    Reweight,
    ReweightBy,
    Strategy,
    TemplateWords,
    finish,
    is_unicode,
    say,
)
from inspector_app.cli.train import trainings
from inspector_app.cli.users import users
from inspector_app.domain.errors import CannotWrite, WrongUse
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.live import is_camera_address
from inspector_app.domain.messages import Inspect, LoadModel, OpenPicture
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.question import NEUTRAL
from inspector_app.presets.templates import worded
from inspector_app.settings import load_settings

if TYPE_CHECKING:
    from inspector_app.workflow.delivering import Wishes

application = typer.Typer(
    name="inspector",
    help="Ask a local multimodal model about small things, and see where it looked.\n\n"
    "Without a command it opens the window with the given files and folders; without any it goes "
    "on where it was left (inspector --fresh begins anew).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
application.add_typer(benches, name="bench")
application.add_typer(trainings, name="train")
application.add_typer(models, name="models")
application.add_typer(caches, name="caches")
application.command()(batch)
application.command("crops")(list_crops)
presets.command("golden")(judge_golden)
application.add_typer(presets, name="presets")
application.add_typer(records, name="records")
application.add_typer(users, name="users")

# Typer names only this one of click's errors; the one meant is the root of all wrong use.
_Misused: type[Exception] = typer.BadParameter.__mro__[2]


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit code of a command that came to its end.

    Raises:
        InspectorError: everything that the user can mend.
    """
    command = typer.main.get_command(application)
    try:
        ended = command(args=list(arguments), prog_name="inspector", standalone_mode=False)
    except _Misused as error:
        told = getattr(error, "format_message", None)
        said = str(told() if told else error)
        if not said.strip():  # the help was shown instead
            return WrongUse.exit_code
        context = getattr(error, "ctx", None)
        about = context.command_path if context else "inspector"
        raise WrongUse(f"{said.rstrip('.')}.", hint=f"See: {about} --help.") from error
    return ended if isinstance(ended, int) else 0


@application.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    if version:
        say(f"Inspector {__version__}")
        raise typer.Exit


@application.command()
def ask(  # noqa: PLR0913, PLR0917  one parameter an option
    image: Annotated[
        str,
        typer.Argument(
            help="Picture: PNG, JPEG, TIFF, DICOM, PDF, video, ...; file.pdf#3 is page 3. "
            "Or a camera, of which one picture is taken: rtsp://host/path, http://..., usb:0."
        ),
    ],
    question: Asked = "",
    preset: PresetName = "",
    words: TemplateWords = None,
    model: ModelName = "embedded",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    precision: Annotated[
        str, typer.Option(help="auto, float32, bfloat16, float16, int8.")
    ] = "auto",
    strategy: Strategy = "",
    count: Count = None,
    gate: Gate = None,
    budget: Budget = None,
    layer: Annotated[int | None, typer.Option(help="Read maps from this layer.")] = None,
    roi: Annotated[
        list[str] | None, typer.Option(help="Zoom into this box: x0,y0,x1,y1 in pixels.")
    ] = None,
    window: Annotated[
        list[str] | None,
        typer.Option(
            help="Show a 16-bit picture through this grey window; each one given is a view, and "
            "maps are of the first: file, file:2, auto, full, lung, bone, soft tissue, liver, "
            "brain, or WIDTH/CENTRE."
        ),
    ] = None,
    reweight: Reweight = None,
    reweight_by: ReweightBy = "",
    mix: Mix = None,
    json_file: Annotated[
        str | None, typer.Option("--json", help="Write the record as JSON; - for stdout.")
    ] = None,
    maps: Annotated[Path | None, typer.Option(help="Folder for maps (.npy and overlay).")] = None,
    views: Annotated[
        Path | None, typer.Option(help="Folder for the pictures as the model got them.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a report: .pdf, .html, .png, .csv, .json.")
    ] = None,
    no_names: Annotated[
        bool,
        typer.Option(
            "--no-names",
            help="Leave the picture's name and folder out of the report, and what in its pixels "
            "may name the patient; without it the settings tell.",
        ),
    ] = False,
    store: Annotated[bool, typer.Option(help="Keep the inspection in the records.")] = True,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code", help="End with 0 for PASS, 10 for FAIL, 11 for CHECK or no verdict."
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Ask about a picture, look closer, and ask again."""
    if roi and strategy not in {"", "manual"}:
        raise WrongUse(f'"{strategy}" finds its own regions.', hint="Leave out --roi or --crops.")
    chosen = with_words(preset_files.preset(preset), words or ()) if preset else None
    options = options_from(
        chosen.options if chosen else Options(),
        count=count,
        gate=gate,
        layer=layer,
        roi=roi,
        budget=budget,
    )
    options = replace(options, windows=tuple(window or ()))
    options = with_experiments(options, reweight=reweight, by=reweight_by, mix=mix)
    request = Inspect(
        locator=_locator(image),
        question=worded(chosen, question) if chosen else question,
        strategy=strategy or default_strategy(chosen.strategy if chosen else "", roi),
        options=options,
        neutral=chosen.wording.neutral if chosen else NEUTRAL,
        model=wanted_model(chosen, LoadModel(model, device, precision)),
        save=store,
        rules=chosen.rules if chosen else None,
        notes=operator_note(),
        strays=chosen is not None and strays(chosen, question),
    )
    from inspector_app.workflow import delivering  # noqa: PLC0415  reads OpenCV

    hides = no_names or load_settings().hide_patient
    wishes = delivering.Wishes(json_file, maps, views, report, hides_patient=hides)
    wishes.check(source=request.locator)
    if report is not None:
        from inspector_app.workflow.reporting import letterhead  # noqa: PLC0415  reads OpenCV

        # A fault in what the site puts on its paper is told before the model runs.
        letterhead()
    found, text = _inspected(request, wishes, preset=chosen, quiet=quiet)
    if json_file == delivering.STDOUT:
        say(text if is_unicode() else json.dumps(json.loads(text), indent=2))
    else:
        say("\n".join(delivering.answer_lines(found)))
    lost = [note for note in found.notes if note.startswith("not stored")]
    if lost:
        raise CannotWrite(f"The answer was {lost[0]}", hint="Use --no-store to go without.")
    if chosen and chosen.reports.after == "inspection" and found.id is not None:
        file_reports((found.id,), chosen, quiet=quiet)
    if exit_code:
        raise typer.Exit(delivering.verdict_code(found))


def _inspected(
    request: Inspect, wishes: "Wishes", *, preset: Preset | None, quiet: bool
) -> tuple[Inspection, str]:
    """Inspect, and write what was wished for; the record and its JSON."""
    from inspector_app.workflow import delivering  # noqa: PLC0415  reads OpenCV
    from inspector_app.workflow.decoder import Decoder  # noqa: PLC0415  only here

    with Decoder(most=1) as decoder:
        decoder.start()
        from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  reads torch

        workbench = Workbench(pictures=decoder)
        try:
            if preset is not None:
                frame = finish(workbench.perform(OpenPicture(request.locator)), quiet=True)
                request = worked_by(preset, request, frame)
            found = finish(workbench.perform(request), quiet=quiet)
            try:
                frame = workbench.frame_of(found)
                if (wanted := wishes.report_of(found)) is not None:
                    finish(workbench.perform(wanted), quiet=True)
                return found, delivering.deliver(found, wishes, frame=frame)
            except CannotWrite as error:
                kept = delivering.kept_words(found)
                raise CannotWrite(str(error), hint=f"{error.hint} {kept}") from error
        finally:
            workbench.close()


def _locator(image: str) -> str:
    """The picture's path; of a camera, one picture is taken and kept."""
    if not is_camera_address(image) or Path(image).exists():
        return str(Path(image).absolute())
    from inspector_app.workflow.watching import snapshot  # noqa: PLC0415  reads the decoders

    return snapshot(image, paths.camera())


@application.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for what is written.")] = Path(
        "inspection-output"
    ),
) -> None:
    """Inspect the sample pictures without a display: screenshot, PDF and JSON in a folder."""
    files.make_folder(out)
    raise typer.Exit(from_app("demo")(out))
