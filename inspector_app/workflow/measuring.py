"""What people had measured on a picture belongs into its record."""

from dataclasses import replace

from inspector_app.domain.calibration import Calibration
from inspector_app.domain.frame import Frame
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.measure import Measured, picture_key
from inspector_app.store.records import Store


def with_measures(inspection: Inspection, store: Store, *, frame: Frame | None) -> Inspection:
    """The record with what is measured on its picture now, in millimetres where these are known.

    Args:
        inspection: Not stored yet.
        store: Where measurements and calibrations are.
        frame: The picture, or None where its file is gone or has changed.

    Raises:
        UnreadableRecord: the file of records is damaged.
    """
    source = inspection.provenance
    measures = store.gestures_of(picture_key(source.sha256, source.locator)).history.marks.measures
    if not measures:
        return inspection
    calibration = store.calibration_of(source.sha256)
    if calibration is None and frame is not None and frame.mm_per_pixel and frame.calibration:
        calibration = Calibration(frame.mm_per_pixel, frame.calibration)
    told = tuple(Measured.of(measure, calibration) for measure in measures)
    return replace(inspection, measures=told)
