"""Patients taken out of DICOM data: what is kept is named, everything else goes.

Source: DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile. Its table names what
must go; this list names what may stay, so that what nobody thought of goes, too.
"""

import hashlib
import uuid
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

METHOD = "Inspector: only listed attributes kept (PS3.15 Basic Profile)"
_ALIAS = "ANONYMOUS"

# Type 2: they must be there, and say nothing.
_EMPTIED = (
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "StudyID",
    "Manufacturer",
    "PositionReferenceIndicator",
    "ContrastBolusAgent",
    "Laterality",
)
_ALWAYS = 8
"""So many of them stand in every image; the others only where they stood before."""
_UIDS = frozenset(
    (
        "SOPInstanceUID",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "FrameOfReferenceUID",
        "ReferencedSOPInstanceUID",
        "DimensionOrganizationUID",
        "SynchronizationFrameOfReferenceUID",
        "IrradiationEventUID",
        "ConcatenationUID",
        "SOPInstanceUIDOfConcatenationSource",
    )
)
_KEPT_WORDS = """
    SOPClassUID ReferencedSOPClassUID Modality ImageType ConversionType PresentationIntentType
    SeriesNumber InstanceNumber AcquisitionNumber TemporalPositionIdentifier PatientOrientation
    ImageLaterality ViewPosition BodyPartExamined PatientPosition
    SamplesPerPixel PhotometricInterpretation PlanarConfiguration Rows Columns NumberOfFrames
    BitsAllocated BitsStored HighBit PixelRepresentation SmallestImagePixelValue
    LargestImagePixelValue PixelPaddingValue PixelPaddingRangeLimit PixelAspectRatio
    PixelData FloatPixelData DoubleFloatPixelData ExtendedOffsetTable ExtendedOffsetTableLengths
    RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor
    BluePaletteColorLookupTableDescriptor RedPaletteColorLookupTableData
    GreenPaletteColorLookupTableData BluePaletteColorLookupTableData ICCProfile ColorSpace
    LossyImageCompression LossyImageCompressionRatio LossyImageCompressionMethod
    BurnedInAnnotation RecognizableVisualFeatures QualityControlImage
    RescaleIntercept RescaleSlope RescaleType ModalityLUTSequence LUTDescriptor LUTData
    ModalityLUTType WindowCenter WindowWidth WindowCenterWidthExplanation VOILUTFunction
    VOILUTSequence PresentationLUTShape PixelIntensityRelationship
    PixelIntensityRelationshipSign
    PixelSpacing ImagerPixelSpacing NominalScannedPixelSpacing PixelSpacingCalibrationType
    EstimatedRadiographicMagnificationFactor ImagePositionPatient ImageOrientationPatient
    SliceThickness SpacingBetweenSlices SliceLocation
    KVP XRayTubeCurrent ExposureTime Exposure ConvolutionKernel GantryDetectorTilt
    ReconstructionDiameter DistanceSourceToDetector DistanceSourceToPatient FilterType
    ScanOptions ScanningSequence SequenceVariant MRAcquisitionType RepetitionTime EchoTime
    EchoNumbers EchoTrainLength InversionTime MagneticFieldStrength FlipAngle ImagedNucleus
    ImagingFrequency NumberOfAverages PixelBandwidth PhotometricInterpretation
    FrameIncrementPointer FrameTime FrameTimeVector RecommendedDisplayFrameRate
    SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence PixelMeasuresSequence
    PlanePositionSequence PlaneOrientationSequence FrameContentSequence FrameVOILUTSequence
    PixelValueTransformationSequence CTImageFrameTypeSequence MRImageFrameTypeSequence FrameType
    DimensionIndexSequence DimensionIndexPointer FunctionalGroupPointer DimensionIndexValues
    DimensionOrganizationSequence DimensionOrganizationType StackID InStackPositionNumber
    PixelPresentation VolumetricProperties VolumeBasedCalculationTechnique
    SequenceOfUltrasoundRegions RegionSpatialFormat RegionDataType RegionFlags
    RegionLocationMinX0 RegionLocationMinY0 RegionLocationMaxX1 RegionLocationMaxY1
    ReferencePixelX0 ReferencePixelY0 PhysicalUnitsXDirection PhysicalUnitsYDirection
    PhysicalDeltaX PhysicalDeltaY
    """
_KEPT = frozenset(_KEPT_WORDS.split())
_PROFILE = ("113100", "Basic Application Confidentiality Profile")


def without_patient(dataset: Dataset, *, secret: bytes, alias: str = _ALIAS) -> Dataset:
    """A copy in which nothing tells who the patient is, but for what stands in the pixels.

    Args:
        dataset: Of a file; it stays as it is.
        secret: The same one gives the same new UIDs, so that files go on belonging together;
            without it nobody can tell which they were.
        alias: Stands for name and number of the patient.

    Returns:
        With the attributes of the De-identification Method that say what was done.
    """
    clean = _kept(dataset, secret=secret)
    clean.SpecificCharacterSet = "ISO_IR 192"
    clean.PatientName, clean.PatientID = alias, alias
    for name in _EMPTIED:
        if name in dataset or name in _EMPTIED[:_ALWAYS]:
            setattr(clean, name, "")
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = METHOD
    clean.LongitudinalTemporalInformationModified = "REMOVED"
    code = Dataset()
    code.CodeValue, code.CodeMeaning = _PROFILE
    code.CodingSchemeDesignator = "DCM"
    clean.DeidentificationMethodCodeSequence = [code]
    meta = getattr(dataset, "file_meta", None)
    if meta is not None:
        clean.file_meta = FileMetaDataset()
        clean.file_meta.TransferSyntaxUID = meta.TransferSyntaxUID
    return clean


def new_uid(uid: str, *, secret: bytes) -> UID:
    """Another UID for one; the same for the same secret."""
    digest = hashlib.sha256(secret + uid.encode("ascii", "replace")).digest()
    return UID(f"2.25.{uuid.UUID(bytes=digest[:16], version=4).int}")


def _kept(dataset: Dataset, *, secret: bytes) -> Dataset:
    clean = Dataset()
    element: Any
    for element in dataset:
        name = element.keyword
        if name in _UIDS:
            uids = [element.value] if isinstance(element.value, str) else list(element.value)
            fresh = [new_uid(str(uid), secret=secret) for uid in uids]
            setattr(clean, name, fresh if len(fresh) > 1 else fresh[0])
        elif name in _KEPT and element.VR == "SQ":
            setattr(clean, name, [_kept(item, secret=secret) for item in element.value])
        elif name in _KEPT:
            clean.add(element)
    return clean
