"""What a preset's file holds, version 2; `resources/schema/preset.schema.json` is made of this.

Every entry has an effect somewhere: one that would have none is refused a place here.
"""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from inspector_app.domain.check_kinds import Named
from inspector_app.domain.preset import Options, Preset, PresetReports, Targets, Wording
from inspector_app.domain.question import NEUTRAL
from inspector_app.domain.rule import Rules
from inspector_app.domain.template import VARIABLES
from inspector_app.presets.entries import FilePath, Format, Line, Name, Part, Share, Window, Words
from inspector_app.presets.schema_line import GoldenPart, OperatorPart
from inspector_app.presets.schema_regions import RegionsPart, RoiPart

VERSION = 2
SCHEMA_ID = "https://inspector.invalid/preset.schema.json"

_MANUAL = "manual"


class ModelPart(Part):
    """Which model answers."""

    name: Name = Field(
        default="", description="A model's name or folder; empty for the one in the settings."
    )
    precision: Literal["", "auto", "float32", "bfloat16", "float16", "int8"] = Field(
        default="", description="Precision of the weights; empty for that of the settings."
    )


class PromptPart(Part):
    """What is asked, and in which words."""

    question: Words = Field(default="", description="The question it begins with.")
    template: Name = Field(
        default="", description="A prompt template; empty asks the question as it stands."
    )
    language: Literal["en", "zh_CN"] = Field(default="en", description="Of the template.")
    variables: dict[Literal[VARIABLES], Words] = Field(  # type: ignore[valid-type]
        default_factory=dict, description="Words for the places of the template."
    )
    neutral: Words = Field(
        default=NEUTRAL,
        min_length=1,
        description="The neutral question, which tells what any question would heat.",
    )


class LookPart(Part):
    """How the model looks closer."""

    strategy: str = Field(min_length=1, description="Name of a crop strategy.")
    count: int = Field(
        default=1, ge=1, le=4, strict=True, description="Most crops that are shown enlarged."
    )
    gate: Share | None = Field(
        default=None,
        description="Do not zoom when the answer's weakest token is at least this probable.",
    )
    layer: int | None = Field(
        default=None, ge=0, strict=True, description="Layer for the map; empty for the card's."
    )
    each_crop: bool = Field(default=True, description="Ask about each crop by itself as well.")
    max_tokens: int | None = Field(
        default=None,
        ge=1,
        le=4096,
        strict=True,
        description="Longest answer; empty for the card's.",
    )
    scales: tuple[Annotated[float, Field(gt=0, le=8, allow_inf_nan=False)], ...] = Field(
        default=(1.0, 2.0, 4.0),
        min_length=1,
        max_length=4,
        description="Scales at which the picture is searched in tiles.",
    )
    crop_scales: tuple[Annotated[float, Field(ge=1, le=8, allow_inf_nan=False)], ...] = Field(
        default=(1.0,),
        min_length=1,
        max_length=4,
        description="How many times larger than the place found it is shown; 1, 2 adds its "
        "middle cut twice as close.",
    )
    merge_overlap: Share = Field(
        default=0.5,
        description="Boxes that overlap by more than this share (IoU) become one.",
    )
    fuse_boxes: bool = Field(
        default=False, description="Average such boxes instead of keeping the best."
    )
    budget: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        strict=True,
        description="Most questions a search may ask of parts; empty for the strategy's own limit.",
    )
    resolution: float = Field(
        default=1.0,
        ge=0.5,
        le=4,
        allow_inf_nan=False,
        description="Times the side that the model takes in a picture is read at, if it can.",
    )
    token_budget: int | None = Field(
        default=None,
        ge=16,
        le=65536,
        strict=True,
        description="Most picture tokens in a prompt, more crops than fit are left out; empty for "
        "what the model takes.",
    )
    reweighting: float = Field(
        default=1.0,
        ge=1,
        le=2,
        allow_inf_nan=False,
        description="Experiment: factor by which attention to chosen picture tokens is raised.",
    )
    reweight_by: Literal["", "regions", "map"] = Field(
        default="",
        description="Which tokens: those of the regions, or as the map says; empty leaves the "
        "experiment out, however large its factor.",
    )
    mixing: Share | None = Field(
        default=None,
        description="Experiment: weight of the whole picture in an answer mixed word by word with "
        "the crops; empty leaves it out.",
    )


class RunPart(Part):
    """How pictures are worked through."""

    ahead: int | None = Field(
        default=None,
        ge=0,
        le=50,
        strict=True,
        description="Pictures that are inspected before they are opened; empty for the settings'.",
    )
    reading: Literal["", "first", "with"] = Field(
        default="",
        description='Whether readers read "first" and see the program\'s findings after, or '
        '"with" them; empty for the settings\'.',
    )
    batch: int = Field(
        default=16,
        ge=1,
        le=256,
        strict=True,
        description="Pictures that go through the network at once, in a batch.",
    )
    reports: tuple[Format, ...] = Field(
        default=(),
        max_length=8,
        description="Report formats that are written without being asked for.",
    )
    report_after: Literal["inspection", "batch"] = Field(
        default="inspection",
        description="After every inspection, or one about all of a batch or shift.",
    )
    report_folder: FilePath = Field(
        default="", description="Where they go; empty for the folder of the program's reports."
    )


class TargetsPart(Part):
    """What is expected; the window shows what is measured beside it."""

    accuracy: Share | None = Field(
        default=None,
        description="Share of right answers on labelled pictures; not measured while inspecting.",
    )
    latency_ms: float | None = Field(
        default=None,
        gt=0,
        le=3.6e6,
        allow_inf_nan=False,
        description="From the question to the last word, once the model is loaded.",
    )


class PresetFile(Part):
    """A named way of working; the name is that of the file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, title="Inspector preset", json_schema_extra={"$id": SCHEMA_ID}
    )

    schema_version: Literal[2] = Field(default=2, description="Of this form of the file.")
    title: Line = Field(min_length=1, description="For people.")
    title_zh: Line = Field(default="", description="The title in Chinese; empty for the other.")
    about: Words = Field(default="", description="What it is for, and what it cannot do.")
    about_zh: Words = Field(default="", description="The same in Chinese; empty for the other.")
    trade: Literal["", "medical", "industrial", "text"] = Field(
        default="", description="Whose kind of work it is."
    )
    model: ModelPart = Field(default=ModelPart(), description="Which model answers.")
    prompt: PromptPart = Field(default=PromptPart(), description="What is asked.")
    look: LookPart = Field(description="How the model looks closer.")
    windows: tuple[Window, ...] = Field(
        default=(),
        max_length=4,
        description="Grey windows through which a picture of more than 8 bits is shown, each a "
        "view: file, file:2, auto, full, soft tissue, lung, liver, bone, brain, WIDTH/CENTRE.",
    )
    regions: RegionsPart = Field(default=RegionsPart(), description="Where to look.")
    rules: Rules | None = Field(
        default=None,
        description="How answers become a verdict; empty judges yes/no questions about "
        "something unwanted.",
    )
    golden: GoldenPart = Field(
        default=GoldenPart(), description="Samples that operator mode begins with."
    )
    operator: OperatorPart = Field(default=OperatorPart(), description="How operator mode works.")
    run: RunPart = Field(default=RunPart(), description="How pictures are worked through.")
    targets: TargetsPart = Field(default=TargetsPart(), description="What is expected.")

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.regions.rois and self.look.strategy != _MANUAL:
            raise ValueError(
                f'regions of interest are looked at by the strategy "manual" only, '
                f'not by "{self.look.strategy}"'
            )
        own = [check for roi in self.regions.rois for check in roi.checks]
        if any(isinstance(check, Named) for check in own) and not (self.rules and self.rules.types):
            raise ValueError('a check of kind "named" needs the table of finding types')
        return self

    def as_preset(self, name: str, *, folder: Path | None = None) -> Preset:
        """The preset under the name of its file, which lies in a folder."""
        look, prompt, template = self.look, self.prompt, self.regions.template_picture
        picture = "" if template is None else str((folder or Path()) / template.picture)
        return Preset(
            name=name,
            title=self.title,
            title_zh=self.title_zh,
            trade=self.trade,
            strategy=look.strategy,
            options=Options(
                count=look.count,
                gate=look.gate,
                layer=look.layer,
                each_crop=look.each_crop,
                max_tokens=look.max_tokens,
                windows=self.windows,
                scales=look.scales,
                merge_overlap=look.merge_overlap,
                fuse_boxes=look.fuse_boxes,
                budget=look.budget,
                resolution=look.resolution,
                reweighting=look.reweighting,
                reweight_by=look.reweight_by,
                mixing=look.mixing,
                crop_scales=look.crop_scales,
                token_budget=look.token_budget,
            ),
            question=prompt.question,
            wording=Wording(
                template=prompt.template,
                language=prompt.language,
                variables=tuple(prompt.variables.items()),
                neutral=prompt.neutral,
            ),
            model=self.model.name,
            precision=self.model.precision,
            rois=tuple(roi.as_region() for roi in self.regions.rois),
            rules=self.rules,
            targets=Targets(self.targets.accuracy, self.targets.latency_ms),
            ahead=self.run.ahead,
            reading=self.run.reading,
            batch=self.run.batch,
            reports=PresetReports(self.run.reports, self.run.report_after, self.run.report_folder),
            about=self.about,
            about_zh=self.about_zh,
            template_picture=picture,
            golden=self.golden.as_golden(folder or Path()),
            serial=self.operator.serial,
            version=self.version,
        )

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that change with anything the file says."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:8]

    @classmethod
    def of(cls, preset: Preset) -> "PresetFile":
        """The file that says what a preset says.

        Raises:
            ValueError: it says what no file may.
        """
        options, wording = preset.options, preset.wording
        template = {"picture": preset.template_picture} if preset.template_picture else None
        rois = [RoiPart.of(roi) for roi in preset.rois]
        rois += [{"box": region.box} for region in options.rois]
        golden = preset.golden
        return cls.model_validate(
            {
                "title": preset.title,
                "title_zh": preset.title_zh,
                "about": preset.about,
                "about_zh": preset.about_zh,
                "trade": preset.trade,
                "model": {"name": preset.model, "precision": preset.precision},
                "prompt": {
                    "question": preset.question,
                    "template": wording.template,
                    "language": wording.language,
                    "variables": dict(wording.variables),
                    "neutral": wording.neutral,
                },
                "look": {
                    "strategy": preset.strategy,
                    "count": options.count,
                    "gate": options.gate,
                    "layer": options.layer,
                    "each_crop": options.each_crop,
                    "max_tokens": options.max_tokens,
                    "scales": options.scales,
                    "merge_overlap": options.merge_overlap,
                    "fuse_boxes": options.fuse_boxes,
                    "budget": options.budget,
                    "resolution": options.resolution,
                    "reweighting": options.reweighting,
                    "reweight_by": options.reweight_by,
                    "mixing": options.mixing,
                    "crop_scales": options.crop_scales,
                    "token_budget": options.token_budget,
                },
                "windows": options.windows,
                "regions": {"rois": rois, "template_picture": template},
                "rules": preset.rules,
                "golden": {
                    "good": golden.good,
                    "bad": golden.bad,
                    "each": golden.each,
                    "every_hours": golden.every_hours,
                },
                "operator": {"serial": preset.serial},
                "run": {
                    "ahead": preset.ahead,
                    "reading": preset.reading,
                    "batch": preset.batch,
                    "reports": preset.reports.formats,
                    "report_after": preset.reports.after,
                    "report_folder": preset.reports.folder,
                },
                "targets": {
                    "accuracy": preset.targets.accuracy,
                    "latency_ms": preset.targets.latency_ms,
                },
            }
        )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a preset's file, as it is shipped."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | (
        PresetFile.model_json_schema()
    )
