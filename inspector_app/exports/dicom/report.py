"""A Structured Report of what was found: TID 1500, with regions, measurements and severities."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from inspector_app.domain.exchange import Annotated, Thing
from inspector_app.domain.measure import Measured, MeasureKind
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.domain.wording import NOTICE, inert
from inspector_app.exports.dicom.outline import outline_on

_SCHEME = "99INSPECTOR"
_PROGRAM = "Inspector"
_LONGEST = 100_000


def structured_report(
    one: Annotated, reference: Dataset, *, frame: int | None, tracks: Sequence[str]
) -> Dataset:
    """The report about one picture.

    Args:
        one: What was found.
        reference: The DICOM image that the picture is: its patient and study are the report's.
        frame: Number of the frame in it, from 1; None for a single one.
        tracks: A UID for each of its things, by which other objects speak of the same.
    """
    device = hd.sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=hd.sr.DeviceObserverIdentifyingAttributes(
            uid=hd.UID(), name=_PROGRAM, model_name=_software(one)
        ),
    )
    groups = [
        _whole(one, reference, frame=frame),
        *_findings(one, reference, frame=frame, tracks=tracks),
        *_measures(one, reference, frame=frame),
    ]
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_device_context=device),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion
        if reference.get("Modality") == "CT"
        else coded("Inspection of a picture"),
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=[reference],
    )
    report = hd.sr.ComprehensiveSR(
        evidence=[reference],
        content=content,
        series_instance_uid=hd.UID(),
        series_number=900,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer=_PROGRAM,
        is_complete=True,
        is_final=False,
        is_verified=False,
    )
    report.SeriesDescription = plain(NOTICE)
    return report


def coded(meaning: str) -> hd.sr.CodedConcept:
    """A code of our own for words that no public scheme has; the same for the same words."""
    words = plain(meaning)
    # Of all the words: long ones that only begin alike are not the same.
    whole = plain(meaning, limit=_LONGEST)
    value = hashlib.sha256(whole.encode("utf-8")).hexdigest()[:15].upper()
    return hd.sr.CodedConcept(value=value, scheme_designator=_SCHEME, meaning=words)


def plain(text: str, *, limit: int = 64) -> str:
    r"""Text as DICOM takes it: no control characters, no "\" (which parts values), not empty.

    Args:
        text: Any.
        limit: Bytes of UTF-8. The standard counts characters (PS3.5, 6.2), but validators and
            archives count bytes: what both take is no longer than the fewer of them.
    """
    words = inert(text).replace("\\", "/").strip().encode("utf-8")[:limit]
    # A character of several bytes is not cut in half.
    return words.decode("utf-8", errors="ignore").strip() or "?"


def _whole(one: Annotated, reference: Dataset, *, frame: int | None) -> Any:
    """What was asked of the whole picture and said of it; also where nothing was found."""
    said = [("Findings", str(len(one.things)))]
    for asked in one.asked[-1:]:
        said += [("Question", asked.question), ("Answer", asked.answer)]
        said += [("Verdict", asked.outcome)] if asked.outcome else []
    return hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid=hd.UID(), identifier="Inspection"),
        qualitative_evaluations=[
            hd.sr.QualitativeEvaluation(name=coded(name), value=coded(words))
            for name, words in said
        ],
        source_images=[hd.sr.SourceImageForMeasurementGroup(*_names(reference), _frames(frame))],
    )


def _findings(
    one: Annotated, reference: Dataset, *, frame: int | None, tracks: Sequence[str]
) -> Iterator[Any]:
    for at, (thing, uid) in enumerate(zip(one.things, tracks, strict=True), start=1):
        tracking = hd.sr.TrackingIdentifier(uid=hd.UID(uid), identifier=f"Finding {at}")
        said = list(_said(thing))
        region = _region(thing.shape, reference, frame=frame)
        if region is None:
            yield hd.sr.MeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking,
                finding_type=coded(thing.label),
                measurements=_size(thing) or None,
                qualitative_evaluations=said,
                source_images=[
                    hd.sr.SourceImageForMeasurementGroup(*_names(reference), _frames(frame))
                ],
            )
        else:
            yield hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracking,
                referenced_region=region,
                finding_type=coded(thing.label),
                measurements=_size(thing) or None,
                qualitative_evaluations=said,
            )


def _said(thing: Thing) -> Iterator[hd.sr.QualitativeEvaluation]:
    rows = [
        ("Severity", thing.severity.value),
        ("Found by", "person" if thing.is_persons else "program"),
        ("Reviewed by a person", "yes" if thing.is_reviewed else "no"),
        ("Text", thing.text),
        ("Colour", thing.colour),
        ("Texture", thing.texture),
        ("Note", thing.note),
    ]
    for name, words in rows:
        if words:
            yield hd.sr.QualitativeEvaluation(name=coded(name), value=coded(words))


def _size(thing: Thing) -> list[hd.sr.Measurement]:
    found = []
    if thing.size is not None:
        found.append(
            hd.sr.Measurement(name=codes.SCT.Length, value=thing.size, unit=_unit(thing.unit))
        )
    if thing.confidence is not None:
        found.append(
            hd.sr.Measurement(
                name=coded("Probability of the words, not of the finding"),
                value=thing.confidence,
                unit=codes.UCUM.NoUnits,
            )
        )
    return found


def _measures(one: Annotated, reference: Dataset, *, frame: int | None) -> Iterator[Any]:
    """What people measured: each with its place."""
    last: Sequence[Measured] = one.filed[-1].inspection.measures if one.filed else ()
    names = {
        MeasureKind.LENGTH: [codes.SCT.Length],
        MeasureKind.SIZE: [codes.SCT.LongAxis, codes.SCT.ShortAxis],
        MeasureKind.ANGLE: [codes.SCT.Angle],
    }
    for at, said in enumerate(last, start=1):
        where = hd.sr.CoordinatesForMeasurement(
            graphic_type=hd.sr.GraphicTypeValues.POLYLINE,
            graphic_data=np.array(said.measure.points, dtype=np.float64),
            source_image=_source(reference, frame=frame),
        )
        yield hd.sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=hd.sr.TrackingIdentifier(
                uid=hd.UID(), identifier=f"Measurement {at}"
            ),
            measurements=[
                hd.sr.Measurement(
                    name=name, value=value, unit=_unit(said.unit), referenced_coordinates=[where]
                )
                for name, value in zip(names[said.measure.kind], said.values, strict=True)
            ],
            source_images=[
                hd.sr.SourceImageForMeasurementGroup(*_names(reference), _frames(frame))
            ],
        )


def _region(
    shape: Shape | None, reference: Dataset, *, frame: int | None
) -> hd.sr.ImageRegion | None:
    size = int(reference.Columns), int(reference.Rows)
    points = () if shape is None else outline_on(shape, size=size)
    if shape is None or not points:
        return None
    is_point = shape.kind is ShapeKind.POINT
    kinds = hd.sr.GraphicTypeValues
    return hd.sr.ImageRegion(
        graphic_type=kinds.POINT if is_point else kinds.POLYLINE,
        graphic_data=np.array(points, dtype=np.float64),
        source_image=_source(reference, frame=frame),
    )


def _source(reference: Dataset, *, frame: int | None) -> hd.sr.SourceImageForRegion:
    return hd.sr.SourceImageForRegion(*_names(reference), _frames(frame))


def _names(reference: Dataset) -> tuple[str, str]:
    """(SOP class, SOP instance)."""
    return str(reference.SOPClassUID), str(reference.SOPInstanceUID)


def _frames(frame: int | None) -> list[int] | None:
    return None if frame is None else [frame]


def _unit(unit: str) -> Any:
    if unit == "mm":
        return codes.UCUM.Millimeter
    if unit == "deg":
        return codes.UCUM.Degree
    return hd.sr.CodedConcept(value="{pixels}", scheme_designator="UCUM", meaning="pixels")


def _software(one: Annotated) -> str:
    return plain(one.filed[-1].inspection.software) if one.filed else _PROGRAM
