"""What is asked about users and signatures: requests like those of `messages`."""

from dataclasses import dataclass, field

from inspector_app.domain.operators import Role
from inspector_app.domain.signature import Meaning


@dataclass(frozen=True, slots=True)
class SignIn:
    """Prove who works. Finished carries the `Operator`.

    Attributes:
        name: As typed.
        password: As typed.
        unlocks: The name in whose stead a locked window is opened: the same person or an
            admin may; "" for signing in.
    """

    name: str
    password: str = field(repr=False)
    unlocks: str = ""


@dataclass(frozen=True, slots=True)
class NoteAccess:
    """Keep that somebody signed out, or that a window was locked. Finished carries None.

    Attributes:
        name: Who.
        is_lock: A window was locked; else the person signed out.
    """

    name: str
    is_lock: bool = False


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Everybody who ever had an account. Finished carries a tuple of `Operator`."""


@dataclass(frozen=True, slots=True)
class AddUser:
    """A new account. Finished carries everybody, as of `ListUsers`.

    Attributes:
        name: Of the person.
        role: What the person is here.
        password: Or PIN.
        by: Who adds it; must be allowed to, once there is an admin.
    """

    name: str
    role: Role
    password: str = field(repr=False)
    by: str = ""


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Another role, another password, gone or back. Finished carries everybody.

    Attributes:
        name: Of the person.
        role: The new one; None leaves it.
        password: The new one; "" leaves it.
        is_retired: Whether the person is gone from now on; None leaves it.
        by: Who changes it; must be allowed to, except one's own password.
    """

    name: str
    role: Role | None = None
    password: str = field(repr=False, default="")
    is_retired: bool | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class RequireSignIn:
    """Keep that sign-in was switched on or off. Finished carries None.

    Attributes:
        is_on: Whether everybody has to sign in from now on.
        by: Who wants it; must be allowed to look after users.
    """

    is_on: bool
    by: str


@dataclass(frozen=True, slots=True)
class SignRecord:
    """Sign a record as it stands now. Finished carries all its `Signature`s.

    Attributes:
        record: Number of the inspection.
        meaning: Reviewed or approved.
        name: Of the signer.
        password: Typed again for this very signature.
    """

    record: int
    meaning: Meaning
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindSignatures:
    """The signatures under a record. Finished carries a tuple of `Signature`."""

    record: int


@dataclass(frozen=True, slots=True)
class WriteTrail:
    """Write everything that was ever done. Finished carries the path.

    Attributes:
        destination: Path of the file; its ending tells the format: .csv or .json.
        hides_patient: Leave out the pictures' names and folders.
    """

    destination: str
    hides_patient: bool = False


@dataclass(frozen=True, slots=True)
class LookAtRecords:
    """Whether the file of records is damaged. Finished carries a sentence; "" where it is not."""


@dataclass(frozen=True, slots=True)
class BackUpRecords:
    """Copy all records to a new file. Finished carries its path."""

    destination: str


@dataclass(frozen=True, slots=True)
class RestoreRecords:
    """Put a backup in the place of the records. Finished carries where these are kept.

    Attributes:
        source: A backup.
        by: Who does it; must look after users where sign-in is required, else "".
    """

    source: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class WipeCaches:
    """Take away what can be made again, and the logs. Finished carries how many files went."""


AccessRequest = (
    SignIn
    | NoteAccess
    | ListUsers
    | AddUser
    | ChangeUser
    | RequireSignIn
    | SignRecord
    | FindSignatures
    | WriteTrail
    | LookAtRecords
    | BackUpRecords
    | RestoreRecords
    | WipeCaches
)
