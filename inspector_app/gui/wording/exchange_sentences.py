"""What exports and archives say when something is missing or wrong; see `problems`."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", '"{text}" is no box.'),
    QT_TRANSLATE_NOOP("problem", "Write x0,y0,x1,y1 in pixels, or none."),
    QT_TRANSLATE_NOOP("problem", '"{text}" lies outside the picture.'),
    QT_TRANSLATE_NOOP("problem", "It is {width} pixels wide and {height} high."),
    QT_TRANSLATE_NOOP("problem", '"{text}" lies outside of all these pictures.'),
    QT_TRANSLATE_NOOP("problem", "Write x0,y0,x1,y1 in their pixels."),
    QT_TRANSLATE_NOOP("problem", '"{address}" is no address of an archive.'),
    QT_TRANSLATE_NOOP("problem", "Write TITLE@host:port."),
    QT_TRANSLATE_NOOP("problem", '"{address}" is no address of a DICOMweb archive.'),
    QT_TRANSLATE_NOOP("problem", "Write http://host:8042/dicom-web, or https."),
    QT_TRANSLATE_NOOP(
        "problem", "An address with a name or password in it is shown and kept in many places."
    ),
    QT_TRANSLATE_NOOP("problem", "Leave them out of the address and give them by themselves."),
    QT_TRANSLATE_NOOP(
        "problem", "Users and certificates belong to an archive on the web (http or https)."
    ),
    QT_TRANSLATE_NOOP("problem", "Leave them out."),
    QT_TRANSLATE_NOOP("problem", "There is no DICOM file to send."),
    QT_TRANSLATE_NOOP("problem", "Export some with --format dicom."),
    QT_TRANSLATE_NOOP("problem", "{name} is no DICOM file that can be sent."),
    QT_TRANSLATE_NOOP("problem", "Choose another file."),
    QT_TRANSLATE_NOOP("problem", "The archive {title} at {place} does not answer."),
    QT_TRANSLATE_NOOP(
        "problem", "The archive at {place} does not answer. Stored: {done} of {all}."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Check the address, and whether the archive runs and can be reached."
    ),
    QT_TRANSLATE_NOOP("problem", "The archive at {place} does not answer as a DICOM archive does."),
    QT_TRANSLATE_NOOP("problem", "Check the port: another program may listen there."),
    QT_TRANSLATE_NOOP("problem", 'There is no archive "{title}" at {place}: it has another title.'),
    QT_TRANSLATE_NOOP("problem", "Ask for its AE title and write TITLE@host:port."),
    QT_TRANSLATE_NOOP("problem", "The archive {title} at {place} does not know this program."),
    QT_TRANSLATE_NOOP("problem", "Let it take files of the AE title {own}."),
    QT_TRANSLATE_NOOP("problem", "The archive {title} at {place} refuses ({reason})."),
    QT_TRANSLATE_NOOP("problem", "Try again later, or look into the archive's own log."),
    QT_TRANSLATE_NOOP(
        "problem", "The archive did not store {name} ({why}). Stored: {done} of {all}."
    ),
    QT_TRANSLATE_NOOP("problem", "Look into the archive's own log."),
    QT_TRANSLATE_NOOP(
        "problem", "The archive does not take {name}: {reason}. Stored: {done} of {all}."
    ),
    QT_TRANSLATE_NOOP("problem", "It may not know this kind of object or its compression."),
    QT_TRANSLATE_NOOP(
        "problem", "The archive at {place} did not answer in time. Stored: {done} of {all}."
    ),
    QT_TRANSLATE_NOOP("problem", "Try again; what is stored already is not stored twice."),
    QT_TRANSLATE_NOOP("problem", "The certificate of {place} is not trusted: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Nothing was sent. Give the file with your site's certificates."),
    QT_TRANSLATE_NOOP(
        "problem", "No safe connection to {place} can be made. Stored: {done} of {all}."
    ),
    QT_TRANSLATE_NOOP("problem", "Is it http instead of https?"),
    QT_TRANSLATE_NOOP(
        "problem",
        "The archive at {place} refuses the name or password, or wants one. Stored: {done} of"
        " {all}.",
    ),
    QT_TRANSLATE_NOOP("problem", "Give user and password, and ask whether this user may store."),
    QT_TRANSLATE_NOOP(
        "problem",
        "There is no DICOMweb storage at {place} (status {code}). Stored: {done} of {all}.",
    ),
    QT_TRANSLATE_NOOP("problem", "The address often ends in /dicom-web or /rs."),
    QT_TRANSLATE_NOOP(
        "problem",
        "{place} answered with {what} (status {code}), not as a DICOM archive does. Stored: "
        "{done} of {all}.",
    ),
    QT_TRANSLATE_NOOP("problem", "Check the address; a proxy or a sign-in page may stand between."),
    QT_TRANSLATE_NOOP("problem", "{name} holds no certificate that can be used."),
    QT_TRANSLATE_NOOP("problem", "It must be a PEM file: -----BEGIN CERTIFICATE-----."),
    QT_TRANSLATE_NOOP("problem", "{folder} is not empty, and nothing in it is overwritten."),
    QT_TRANSLATE_NOOP("problem", "Name a new folder."),
    QT_TRANSLATE_NOOP("problem", "No stored inspection is like that."),
    QT_TRANSLATE_NOOP("problem", "Ask for less."),
)
"""Why nothing was written or sent, and the ways out."""

LOSSES = (
    QT_TRANSLATE_NOOP(
        "problem",
        "{count} pictures, in whose pixels the patient may be named: paint over the writing",
    ),
    QT_TRANSLATE_NOOP("problem", "pixel parts of edges: VOC counts whole pixels from 1"),
    QT_TRANSLATE_NOOP(
        "problem",
        "nothing, but writing in the pixels was not looked for and may name the patient "
        "(pictures: {count})",
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "the picture and its annotated copy, in whose pixels the patient may be named: paint "
        "over the writing (pictures: {count})",
    ),
    QT_TRANSLATE_NOOP(
        "problem", "everything of a picture of which no record kept every pixel (pictures: {count})"
    ),
    QT_TRANSLATE_NOOP(
        "problem", "the annotated picture, of which no record kept every pixel (pictures: {count})"
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "the attention as a map: it lies nowhere in space, and is drawn only (pictures: {count})",
    ),
    QT_TRANSLATE_NOOP("problem", "regions as a segmentation: {reason} (pictures: {count})"),
    QT_TRANSLATE_NOOP("problem", "regions as a presentation state: {reason} (pictures: {count})"),
    QT_TRANSLATE_NOOP("problem", "{count} about the whole picture, which have no box"),
    QT_TRANSLATE_NOOP("problem", "the exact shape of {count} drawn as {kind}"),
    QT_TRANSLATE_NOOP(
        "problem", "how {count} rectangles are turned: the box about them is written"
    ),
    QT_TRANSLATE_NOOP(
        "problem", "severity, probability, text, size, notes, and who found and reviewed it"
    ),
    QT_TRANSLATE_NOOP("problem", "{count} pictures, of which no record kept every pixel"),
    QT_TRANSLATE_NOOP(
        "problem",
        'nothing, but {count} of {all} answers were confirmed by nobody ("reviewed": false)',
    ),
    QT_TRANSLATE_NOOP(
        "problem", "{count} points and upright lines altogether: a box needs an area"
    ),
)
"""What a format could not take."""
