"""Sentences of trouble in the language of the moment.

The rooms behind the window say in English what they met. Here stand the sentences that a
user of the window is likely to read, with places for names; one that is not here is shown
as it came.
"""

import re

from PySide6.QtCore import QCoreApplication

from inspector_app.domain.messages import Problem
from inspector_app.gui.wording.access_sentences import SENTENCES as OF_ACCESS
from inspector_app.gui.wording.camera_sentences import SENTENCES as OF_CAMERAS
from inspector_app.gui.wording.exchange_sentences import LOSSES
from inspector_app.gui.wording.exchange_sentences import SENTENCES as OF_EXCHANGE
from inspector_app.gui.wording.fault_sentences import FAULTS
from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP
from inspector_app.gui.wording.model_sentences import SENTENCES as OF_MODELS
from inspector_app.gui.wording.operator_sentences import SENTENCES as OF_OPERATORS
from inspector_app.gui.wording.preset_sentences import SENTENCES as OF_PRESETS
from inspector_app.gui.wording.study_sentences import SENTENCES as OF_STUDIES

SENTENCES = (
    # Before the sentence that fits every file.
    *OF_PRESETS,
    *OF_MODELS,
    QT_TRANSLATE_NOOP("problem", "There is no file {path}."),
    QT_TRANSLATE_NOOP("problem", "Check the name, or whether a drive is missing."),
    QT_TRANSLATE_NOOP("problem", "{path} is a folder, not a picture."),
    QT_TRANSLATE_NOOP("problem", "Open it as a folder or choose a file in it."),
    QT_TRANSLATE_NOOP("problem", "{path} is not a file."),
    QT_TRANSLATE_NOOP("problem", "Choose a picture file."),
    QT_TRANSLATE_NOOP("problem", "This program may not read {path}."),
    QT_TRANSLATE_NOOP("problem", "Ask for the right to read it, or copy it."),
    QT_TRANSLATE_NOOP("problem", "{name} is empty."),
    QT_TRANSLATE_NOOP("problem", "Copy the file again from its origin."),
    QT_TRANSLATE_NOOP("problem", "{name} could not be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Check the name and the drive."),
    QT_TRANSLATE_NOOP(
        "problem", "{name} is damaged, incomplete or of a kind this program cannot read."
    ),
    QT_TRANSLATE_NOOP("problem", "Open it in another program and save it again as PNG or TIFF."),
    QT_TRANSLATE_NOOP("problem", "{name} is not a picture this program can read."),
    QT_TRANSLATE_NOOP("problem", "Open it in another program and save it as PNG or TIFF."),
    QT_TRANSLATE_NOOP("problem", "{name} has no pixels."),
    QT_TRANSLATE_NOOP("problem", "Save it again as PNG or TIFF."),
    QT_TRANSLATE_NOOP(
        "problem", "{name} has more than the {count} million pixels that this program opens."
    ),
    QT_TRANSLATE_NOOP("problem", "Cut out the part that matters and open that."),
    QT_TRANSLATE_NOOP("problem", "{name} is {size} GB large, more than this program reads."),
    QT_TRANSLATE_NOOP("problem", "Save a smaller part of the picture and open that."),
    QT_TRANSLATE_NOOP("problem", "There is not enough memory to open {name}."),
    QT_TRANSLATE_NOOP("problem", "Close other programs or open a smaller picture."),
    QT_TRANSLATE_NOOP("problem", "There is not enough memory for this picture."),
    QT_TRANSLATE_NOOP("problem", "Close other programs, or open a smaller copy of the picture."),
    QT_TRANSLATE_NOOP("problem", "{name} is a DICOM file without a picture."),
    QT_TRANSLATE_NOOP("problem", "Choose an image of the series, not its report, index or plan."),
    QT_TRANSLATE_NOOP("problem", "There is no folder {path}."),
    QT_TRANSLATE_NOOP("problem", "{path} is a file, not a folder."),
    QT_TRANSLATE_NOOP("problem", "Open it as a picture."),
    QT_TRANSLATE_NOOP("problem", "This program may not look into {path}."),
    QT_TRANSLATE_NOOP("problem", "Ask for the right to read it."),
    QT_TRANSLATE_NOOP("problem", "There is no room left on the disk for {name}."),
    QT_TRANSLATE_NOOP("problem", "Free some space or choose another disk."),
    QT_TRANSLATE_NOOP("problem", "The folder {folder} does not let this program write {name}."),
    QT_TRANSLATE_NOOP("problem", "Choose another folder or ask for the right to write there."),
    QT_TRANSLATE_NOOP("problem", "There is no folder {folder} to write {name} into."),
    QT_TRANSLATE_NOOP("problem", "Make the folder first or choose another one."),
    QT_TRANSLATE_NOOP("problem", "{name} could not be written: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Check the disk or choose another folder."),
    QT_TRANSLATE_NOOP("problem", "{path} is a folder."),
    QT_TRANSLATE_NOOP("problem", "Give the name of a file in that folder."),
    QT_TRANSLATE_NOOP("problem", "There is no record {number}."),
    QT_TRANSLATE_NOOP("problem", "Choose one from the list of records."),
    QT_TRANSLATE_NOOP("problem", "Record {number} is damaged and cannot be trusted."),
    QT_TRANSLATE_NOOP("problem", "The file of records {path} is damaged."),
    QT_TRANSLATE_NOOP("problem", "Put a backup in its place, or move it away to begin a new one."),
    QT_TRANSLATE_NOOP("problem", "Another program holds the file of records {path}."),
    QT_TRANSLATE_NOOP("problem", "Close it and try again."),
    QT_TRANSLATE_NOOP("problem", "The file of records {path} may not be written."),
    QT_TRANSLATE_NOOP("problem", "There is no room left on the disk for the record in {path}."),
    QT_TRANSLATE_NOOP("problem", "Free some space and ask again."),
    QT_TRANSLATE_NOOP(
        "problem", "The records in {path} were written by a newer version of this program."
    ),
    QT_TRANSLATE_NOOP("problem", "Record {number} was written by a newer version of this program."),
    QT_TRANSLATE_NOOP(
        "problem", "Install the newer version, or set INSPECTOR_HOME to another folder."
    ),
    QT_TRANSLATE_NOOP("problem", "Install the newer version to open it."),
    QT_TRANSLATE_NOOP("problem", '"{name}" is being pulled already.'),
    QT_TRANSLATE_NOOP("problem", "Wait for it, or stop it first."),
    QT_TRANSLATE_NOOP(
        "problem",
        "Free some space or check the disk, then pull it again: it goes on where it stopped.",
    ),
    QT_TRANSLATE_NOOP("problem", 'There is no model "{name}".'),
    QT_TRANSLATE_NOOP("problem", "There is no model folder {folder}."),
    QT_TRANSLATE_NOOP(
        "problem", "Choose one of the installed models, or a folder with a card.toml."
    ),
    QT_TRANSLATE_NOOP("problem", "The model folder {folder} has no {name}."),
    QT_TRANSLATE_NOOP("problem", "The model folder {folder} is incomplete: it has no {name}."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The model folder {folder} is incomplete or damaged: the weight {name} is {what}.",
    ),
    QT_TRANSLATE_NOOP("problem", "Copy or download the whole checkpoint again."),
    QT_TRANSLATE_NOOP("problem", "Copy or download the missing .safetensors files."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The model in {folder} has only pickle weights ({name}), which can run "
        "code when they are opened.",
    ),
    QT_TRANSLATE_NOOP("problem", "Convert the checkpoint to safetensors first."),
    QT_TRANSLATE_NOOP(
        "problem", 'The device "{name}" was asked for, but {count} CUDA devices were found.'
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Choose the device auto or cpu, or install a driver that this torch can use."
    ),
    QT_TRANSLATE_NOOP("problem", "There was not enough memory on the {place} to {doing}."),
    QT_TRANSLATE_NOOP(
        "problem", "Try fewer crops, a lower precision or a smaller model, or close other programs."
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "The question is too long: with {pictures} it takes {tokens} "
        "tokens, and the model has room for {room}.",
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "The model cannot be shown so many pictures at once: with {pictures} it takes {tokens} "
        "tokens, and the model has room for {room}.",
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Shorten the question, send fewer windows, or choose another model."
    ),
    QT_TRANSLATE_NOOP(
        "problem", 'This picture has 8 bits and no grey windows, so "{wish}" cannot be shown.'
    ),
    QT_TRANSLATE_NOOP("problem", "Ask without windows."),
    QT_TRANSLATE_NOOP("problem", 'The file offers no window "{wish}".'),
    QT_TRANSLATE_NOOP("problem", "It offers {names}."),
    QT_TRANSLATE_NOOP("problem", "No model is loaded."),
    QT_TRANSLATE_NOOP("problem", "Choose one in the settings."),
    QT_TRANSLATE_NOOP("problem", "Choose from: {names}."),
    *OF_ACCESS,
    *OF_CAMERAS,
    *OF_OPERATORS,
    *OF_EXCHANGE,
    *OF_STUDIES,
)


def problem_words(sentence: str) -> str:
    """A sentence of trouble as a user of this language reads it."""
    for template in SENTENCES:
        found = matching(template).fullmatch(sentence)
        if found is not None:
            said = QCoreApplication.translate("problem", template)
            places = found.groupdict()
            if "fault" in places:
                places["fault"] = fault_text(places["fault"])
            return said.format(**places)
    return fault_text(sentence)


def fault_text(told: str) -> str:
    """What is wrong with an entry; its place in the file, if it stands before, stays as it is."""
    for template in FAULTS:
        found = matching(template).fullmatch(told)
        if found is not None:
            return QCoreApplication.translate("fault", template).format(**found.groupdict())
    place = re.match(r"[a-z][\w.]*: ", told)
    return told if place is None else f"{place[0]}{fault_text(told[place.end() :])}"


def loss_words(sentence: str) -> str:
    """What a format could not take, as a user of this language reads it."""
    for template in LOSSES:
        found = matching(template).fullmatch(sentence)
        if found is not None:
            return QCoreApplication.translate("problem", template).format(**found.groupdict())
    return sentence


def told_words(told: str) -> str:
    """A sentence of trouble with its way out behind it, as one note has them."""
    for gap in re.finditer(r"(?<=[.!?]) ", told):
        text, hint = told[: gap.start()], told[gap.end() :]
        if hint in SENTENCES:
            return joined(problem_words(text), problem_words(hint))
    return problem_words(told)


def problem_line(problem: Problem) -> str:
    """What went wrong and the way out, in one line."""
    return joined(problem_words(problem.text), problem_words(problem.hint))


def joined(text: str, hint: str) -> str:
    """Two sentences in one line; no gap stands behind a full stop as wide as a letter."""
    gap = "" if text.endswith("\N{IDEOGRAPHIC FULL STOP}") else " "
    return f"{text}{gap}{hint}".strip()


def matching(template: str) -> re.Pattern[str]:
    """What every sentence made from a template looks like."""
    parts = re.split(r"\{(\w+)\}", template)
    pattern = "".join(
        f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
    return re.compile(pattern, flags=re.DOTALL)
