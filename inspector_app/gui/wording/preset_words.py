"""The words of presets: what entries are called, and what is wrong with them, for translation.

The shelf speaks English; a sentence that is not known here is shown as it came.
"""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.preset_document import Change, Fault
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.problems import fault_text
from inspector_app.gui.wording.rule_words import rule_help, rule_label

_LABELS = {
    "title": QT_TRANSLATE_NOOP("preset", "Title"),
    "title_zh": QT_TRANSLATE_NOOP("preset", "Title in Chinese"),
    "about": QT_TRANSLATE_NOOP("preset", "About"),
    "about_zh": QT_TRANSLATE_NOOP("preset", "About, in Chinese"),
    "trade": QT_TRANSLATE_NOOP("preset", "Trade"),
    "model.name": QT_TRANSLATE_NOOP("preset", "Model"),
    "model.precision": QT_TRANSLATE_NOOP("preset", "Precision"),
    "prompt.question": QT_TRANSLATE_NOOP("preset", "Question"),
    "prompt.template": QT_TRANSLATE_NOOP("preset", "Prompt template"),
    "prompt.language": QT_TRANSLATE_NOOP("preset", "Language of the template"),
    "prompt.variables": QT_TRANSLATE_NOOP("preset", "Words for the template"),
    "prompt.neutral": QT_TRANSLATE_NOOP("preset", "Neutral question"),
    "look.strategy": QT_TRANSLATE_NOOP("preset", "Strategy"),
    "look.count": QT_TRANSLATE_NOOP("preset", "Crops"),
    "look.gate": QT_TRANSLATE_NOOP("preset", "Zoom only below"),
    "look.layer": QT_TRANSLATE_NOOP("preset", "Layer of the map"),
    "look.each_crop": QT_TRANSLATE_NOOP("preset", "Ask about each crop alone"),
    "look.max_tokens": QT_TRANSLATE_NOOP("preset", "Longest answer"),
    "look.scales": QT_TRANSLATE_NOOP("preset", "Scales"),
    "look.crop_scales": QT_TRANSLATE_NOOP("preset", "Crops at scales"),
    "look.merge_overlap": QT_TRANSLATE_NOOP("preset", "Merge from overlap"),
    "look.fuse_boxes": QT_TRANSLATE_NOOP("preset", "Average merged boxes"),
    "look.budget": QT_TRANSLATE_NOOP("preset", "Questions of a search"),
    "look.resolution": QT_TRANSLATE_NOOP("preset", "Input resolution"),
    "look.token_budget": QT_TRANSLATE_NOOP("preset", "Token budget"),
    "look.reweighting": QT_TRANSLATE_NOOP("preset", "Attention factor"),
    "look.reweight_by": QT_TRANSLATE_NOOP("preset", "Attention raised"),
    "look.mixing": QT_TRANSLATE_NOOP("preset", "Mixed answer"),
    "windows": QT_TRANSLATE_NOOP("preset", "Grey windows"),
    "regions.rois": QT_TRANSLATE_NOOP("preset", "Regions"),
    "regions.template_picture": QT_TRANSLATE_NOOP("preset", "Template picture"),
    "rules": QT_TRANSLATE_NOOP("preset", "Rules"),
    "operator.serial": QT_TRANSLATE_NOOP("preset", "Serial number from"),
    "golden.good": QT_TRANSLATE_NOOP("preset", "Good golden samples"),
    "golden.bad": QT_TRANSLATE_NOOP("preset", "Bad golden samples"),
    "golden.each": QT_TRANSLATE_NOOP("preset", "Shown of each kind"),
    "golden.every_hours": QT_TRANSLATE_NOOP("preset", "Again after hours"),
    "run.ahead": QT_TRANSLATE_NOOP("preset", "Pictures ahead"),
    "run.reading": QT_TRANSLATE_NOOP("preset", "Reading"),
    "run.batch": QT_TRANSLATE_NOOP("preset", "Batch"),
    "run.reports": QT_TRANSLATE_NOOP("preset", "Reports"),
    "run.report_after": QT_TRANSLATE_NOOP("preset", "Reports are written"),
    "run.report_folder": QT_TRANSLATE_NOOP("preset", "Folder of reports"),
    "targets.accuracy": QT_TRANSLATE_NOOP("preset", "Aim: right answers"),
    "targets.latency_ms": QT_TRANSLATE_NOOP("preset", "Aim: time in ms"),
}
_HELP = {
    "about": QT_TRANSLATE_NOOP("preset", "What it is for, and what it cannot do."),
    "model.name": QT_TRANSLATE_NOOP("preset", "Empty: the one in the settings."),
    "prompt.question": QT_TRANSLATE_NOOP("preset", "The question it begins with."),
    "prompt.template": QT_TRANSLATE_NOOP("preset", "How the question is put; none: as it stands."),
    "prompt.variables": QT_TRANSLATE_NOOP("preset", "One a line: target = label"),
    "prompt.neutral": QT_TRANSLATE_NOOP("preset", "Tells what any question would heat."),
    "look.gate": QT_TRANSLATE_NOOP("preset", "0 to 1: the least sure word; empty: always zoom."),
    "look.layer": QT_TRANSLATE_NOOP("preset", "Empty: the one on the model's card."),
    "look.max_tokens": QT_TRANSLATE_NOOP("preset", "In tokens; empty: as on the model's card."),
    "look.scales": QT_TRANSLATE_NOOP("preset", "For tiles, by commas: 1, 2, 4"),
    "look.crop_scales": QT_TRANSLATE_NOOP(
        "preset", "1, 2 shows each place, and its middle twice as close; boxes alike become one."
    ),
    "look.token_budget": QT_TRANSLATE_NOOP(
        "preset", "Of pictures in a prompt: crops that do not fit are left out; empty: no limit."
    ),
    "run.batch": QT_TRANSLATE_NOOP(
        "preset", "Pictures that go through the network at once in a batch."
    ),
    "run.reports": QT_TRANSLATE_NOOP(
        "preset", "Written without being asked for, by commas: pdf, html, csv, json, png"
    ),
    "run.report_folder": QT_TRANSLATE_NOOP("preset", "Empty: “reports” beside the records."),
    "look.budget": QT_TRANSLATE_NOOP("preset", "At most so many; empty: as the strategy likes."),
    "look.resolution": QT_TRANSLATE_NOOP(
        "preset", "0.5 to 4 times the side that the model takes in; 1 as it was trained."
    ),
    "look.reweighting": QT_TRANSLATE_NOOP(
        "preset", "Experiment, 1 to 2; without effect as long as the next entry is off."
    ),
    "look.mixing": QT_TRANSLATE_NOOP(
        "preset",
        "Experiment, 0 to 1: weight of the whole picture against the crops; empty: off.",
    ),
    "windows": QT_TRANSLATE_NOOP(
        "preset", "For pictures of more than 8 bits, by commas: file, auto, lung, 1500/-600"
    ),
    "regions.rois": QT_TRANSLATE_NOOP(
        "preset",
        "One a line: left: 0, 0, 54, 100 %    in pixels: 10, 20, 300, 400    turned: … @15    "
        "polygon: 1, 1; 9, 1; 5, 8    with question and good answers: … | What is it? => A; B",
    ),
    "operator.serial": QT_TRANSLATE_NOOP(
        "preset", "Where several codes or none are seen, the operator is asked."
    ),
    "golden.good": QT_TRANSLATE_NOOP(
        "preset", "Files or folders, one a line: operator mode begins once they are judged OK."
    ),
    "golden.bad": QT_TRANSLATE_NOOP("preset", "… and these are judged NG."),
    "golden.each": QT_TRANSLATE_NOOP("preset", "The first so many good and bad ones; empty: all."),
    "golden.every_hours": QT_TRANSLATE_NOOP(
        "preset", "Empty: when a shift begins, and after a change of preset or model."
    ),
    "run.ahead": QT_TRANSLATE_NOOP("preset", "0: none; empty: as in the settings."),
    "run.reading": QT_TRANSLATE_NOOP(
        "preset", "Whether the AI's findings are hidden until a person has read the picture."
    ),
    "regions.template_picture": QT_TRANSLATE_NOOP(
        "preset", "File of the picture on which the regions were drawn: they follow the part."
    ),
    "rules": QT_TRANSLATE_NOOP(
        "preset", "How answers become a verdict, as JSON; empty: yes/no questions about a defect."
    ),
    "targets.accuracy": QT_TRANSLATE_NOOP("preset", "0 to 1, on labelled pictures."),
    "targets.latency_ms": QT_TRANSLATE_NOOP("preset", "From the question to the last word."),
}
_NAMED = 3
_ITEM = QT_TRANSLATE_NOOP("preset", "line {number}: {words}")


def entry_label(place: str) -> str:
    """What an entry is called; the place itself where it has no name."""
    if place in _LABELS:
        return QCoreApplication.translate("preset", _LABELS[place])
    return rule_label(place) or place


def entry_help(place: str) -> str:
    """What an entry may hold, in a few words; empty where its name says it."""
    return (
        QCoreApplication.translate("preset", _HELP[place]) if place in _HELP else rule_help(place)
    )


def fault_words(fault: Fault, *, at: str) -> str:
    """What is wrong, beside the field of the entry `at`."""
    words = fault_text(fault.text)
    below = fault.place.removeprefix(at).strip(".").split(".")
    if below[0].isdigit():
        line = QCoreApplication.translate("preset", _ITEM)
        return line.format(number=int(below[0]) + 1, words=words)
    rest = ".".join(part for part in below if part)
    return f"{rest}: {words}" if rest else words


def faulty_words(faults: Sequence[Fault], *, shown: Sequence[str]) -> str:
    """Which entries are at fault, called as their fields are; what has no field says itself.

    Args:
        faults: At least one.
        shown: Places of the entries that have fields.
    """
    named = []
    for fault in faults:
        at = [place for place in shown if f"{fault.place}.".startswith(f"{place}.")]
        named.append(entry_label(max(at, key=len)) if at else fault_text(fault.sentence))
    unlike = list(dict.fromkeys(named))
    more = " \N{HORIZONTAL ELLIPSIS}" if len(unlike) > _NAMED else ""
    return " \N{MIDDLE DOT} ".join(unlike[:_NAMED]) + more


def change_label(change: Change) -> str:
    """The entry of a change, called as its field is; numbers of lists count from 1."""
    parts = change.place.split(".")
    for length in range(len(parts), 0, -1):
        place = ".".join(parts[:length])
        if place in _LABELS:
            rest = [str(int(part) + 1) if part.isdigit() else part for part in parts[length:]]
            return " · ".join((entry_label(place), *rest))
    return change.place
