"""Every way the world can go wrong, with words for the user and a way out.

    InspectorError
    ├── WrongUse           the request itself makes no sense            exit 2
    │   └── NotAllowed     whoever asks may not, or cannot say who      exit 2
    ├── UnreadablePicture  the file is not a picture we can show        exit 3
    ├── UnreadableRecord   a stored inspection is missing or damaged    exit 3
    │   ├── DamagedRecords the file of all records is                   exit 3
    │   └── NewerRecord    this program is too old to open it           exit 3
    ├── ModelTrouble       weights missing, damaged, too large          exit 4
    │   └── OutOfMemory    the device is full; a smaller try may work
    └── CannotWrite        a folder, disk or database refuses           exit 5

Anything else that is raised is a bug of ours and is reported as one.
"""


class InspectorError(Exception):
    """Something outside the program went wrong; the text is fit for the user.

    Args:
        message: One clear sentence that names what was met.
        hint: What the user can do about it; empty when there is nothing to add.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        return str(self.args[0])

    def sentence(self) -> str:
        """The message and the way out in one line."""
        return f"{self} {self.hint}".strip()


class WrongUse(InspectorError):
    """The user asked for something that does not exist or cannot be combined."""

    exit_code = 2


class TooLong(WrongUse):
    """A prompt leaves no room for an answer in what the model can read at once."""


class NotAllowed(WrongUse):
    """Whoever asks may not do this, or gave a name and password that do not fit."""


class UnreadablePicture(InspectorError):
    """A file, folder or device gave no picture."""

    exit_code = 3


class UnreadableRecord(InspectorError):
    """The stored inspections, or one of them, cannot be read back."""

    exit_code = 3


class DamagedRecords(UnreadableRecord):
    """The file that holds all records is damaged: what can be read of it is only read."""


class NewerRecord(UnreadableRecord):
    """A record is whole, but a newer version of the program wrote it."""


class ModelTrouble(InspectorError):
    """A model folder is missing, incomplete, damaged, refused or gave nonsense."""

    exit_code = 4


class OutOfMemory(ModelTrouble):
    """The device had no room for this forward; a smaller one may fit."""


class CannotWrite(InspectorError):
    """A report, record or setting could not be stored."""

    exit_code = 5
