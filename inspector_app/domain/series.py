"""Pictures that belong together: the slices of a scan, in the order they lie in the body."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """Pictures to be leafed through as one stack.

    Attributes:
        title: Of the series, for people: "CT 3 Lung 1.0 mm".
        study: What several series share, for people: patient, date, description.
        study_uid: Tells studies apart; "" where there are none.
        uid: Tells series apart within a study.
        locators: The pictures, in slice order.
    """

    title: str
    study: str
    study_uid: str
    uid: str
    locators: tuple[str, ...]
