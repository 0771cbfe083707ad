"""What the entries of a preset's file are made of: texts and numbers with their limits."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from inspector_app.domain.template import LONGEST

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=LONGEST)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Window = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=80,
        pattern=r"^(file(:.+)?|auto|full|soft tissue|lung|liver|bone|brain"
        r"|\d+(\.\d+)?/[+-]?\d+(\.\d+)?)$",
    ),
]
FilePath = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Format = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]


class Part(BaseModel):
    """One object of the file."""

    # A misspelt entry would silently do nothing; it is refused instead.
    model_config = ConfigDict(extra="forbid", frozen=True)
