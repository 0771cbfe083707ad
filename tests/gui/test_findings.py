"""What the model found is accepted, rejected and corrected; people add what they found."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt

from inspector_app.domain.finding import Severity
from inspector_app.domain.gesture import Stand
from inspector_app.domain.region import Region
from inspector_app.domain.shape import Shape, ShapeKind
from inspector_app.gui.worklist import Role
from tests.gui.person import ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

BOX = Shape.of(Region(100, 80, 180, 140))
LINE = Shape(ShapeKind.LINE, ((10.0, 10.0), (40.0, 50.0)))


@pytest.fixture
def answered(opened, qtbot):
    """A picture with a verdict and one finding of the model."""
    ask(opened, qtbot)
    return opened


def found(window):
    return window.session.findings.found


def act(window, name):
    window.actions_by_name[name].trigger()


def rows(window):
    panel = window.findings.list
    return [panel.item(at).text() for at in range(panel.count())]


def reject(window, qtbot, reason):
    act(window, "reject")
    window.correcting.dialog.reason.setCurrentText(reason)
    window.correcting.dialog.accept()
    qtbot.waitUntil(lambda: found(window)[0].correction.stand == Stand.REJECTED)


def badge(window):
    return window.session.worklist.index(0).data(Role.OUTCOME)


def test_a_finding_is_accepted_by_a_key_and_taken_back(answered, qtbot):
    answered.canvas.view.setFocus()
    qtbot.keyClick(answered.canvas.view, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: found(answered)[0].correction.stand == Stand.ACCEPTED)
    assert rows(answered)[0].endswith("accepted")

    act(answered, "undo")

    qtbot.waitUntil(lambda: found(answered)[0].correction.stand == Stand.OPEN)


def test_a_rejection_has_a_reason(answered, qtbot):
    act(answered, "reject")
    answered.correcting.dialog.accept()
    assert answered.correcting.dialog.isVisible()
    answered.correcting.dialog.close()

    reject(answered, qtbot, "a reflection")

    assert found(answered)[0].correction.reason == "a reflection"
    assert rows(answered)[0].endswith("rejected: a reflection")


def test_corrections_come_back_with_their_record_after_a_restart(answered, stage, qtbot):
    reject(answered, qtbot, "dust")
    number = answered.session.inspection.id
    answered.close()

    again = stage.open("a.png")
    qtbot.waitUntil(lambda: again.session.picture is not None)
    assert found(again) == ()
    again.session.open_record(number)
    qtbot.waitUntil(lambda: bool(found(again)))

    assert found(again)[0].correction.reason == "dust"


def test_text_severity_and_label_are_corrected_and_the_record_stays(answered, qtbot):
    said = answered.session.inspection.answer.text
    answered.findings.list.item(0).setSelected(True)
    form = answered.findings.form
    form.texts["text"].setText("A49U")
    form.texts["text"].setModified(True)
    form.texts["text"].editingFinished.emit()
    qtbot.waitUntil(lambda: found(answered)[0].text == "A49U")
    form.severity.activated.emit(list(Severity).index(Severity.CRITICAL))
    form.label.setCurrentText("hairline crack")
    form.label.lineEdit().editingFinished.emit()
    qtbot.waitUntil(lambda: found(answered)[0].label == "hairline crack")

    one = found(answered)[0]

    assert one.severity == Severity.CRITICAL
    assert one.correction.is_edited
    assert answered.session.inspection.answer.text == said
    assert "hairline crack" in answered.session.settings.labels


def test_a_corrected_box_is_drawn_as_ones_own_and_can_be_moved(answered, qtbot):
    ask(answered, qtbot, "What is written there?")
    place = found(answered)[0].finding.location
    act(answered, "edit_box")
    qtbot.waitUntil(lambda: len(answered.canvas.marking.findings.items) == 1)
    answered.canvas.view.setFocus()

    qtbot.keyClick(answered.canvas.view, Qt.Key.Key_Right)

    qtbot.waitUntil(lambda: found(answered)[0].shape.region == place.shifted(dx=1, dy=0))
    assert found(answered)[0].finding.location == place
    (item,) = answered.canvas.marking.findings.items
    assert item.style.is_found


def test_the_verdict_is_overridden_with_a_reason_and_taken_back(answered, qtbot):
    judged = str(answered.session.inspection.verdict.outcome)
    assert badge(answered) == judged
    answered.findings.verdict.activated.emit(1)
    dialog = answered.correcting.dialog
    dialog.reason.setCurrentText("seen by eye")
    dialog.accept()
    qtbot.waitUntil(lambda: badge(answered) == "PASS")

    judgement = answered.session.findings.judgement

    assert judgement.reason == "seen by eye"
    answered.findings.verdict.activated.emit(0)
    qtbot.waitUntil(lambda: badge(answered) == judged)


@pytest.mark.parametrize(
    ("key", "modifier", "kind", "points"),
    [
        (Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier, ShapeKind.RECTANGLE, 2),
        (Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier, ShapeKind.LINE, 2),
        (Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, ShapeKind.POINT, 1),
    ],
)
def test_findings_are_drawn_by_hand(opened, qtbot, key, modifier, kind, points):
    view = opened.canvas.view
    view.setFocus()
    qtbot.keyClick(view, key, modifier)
    a, b = (view.mapFromScene(QPointF(*place)) for place in ((40, 30), (90, 110)))
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(port, left, pos=a)
    qtbot.mouseMove(port, (a + b) / 2)
    qtbot.mouseMove(port, b)
    qtbot.mouseRelease(port, left, pos=b)
    qtbot.waitUntil(lambda: len(opened.session.findings.own) == 1)

    (own,) = opened.session.findings.own

    assert own.shape.kind == kind
    assert len(own.shape.points) == points
    assert opened.session.rois == ()
    assert opened.session.strategy == "relative_attention"
    assert own.label == opened.session.findings.labels[0]


def test_a_line_tells_its_length(opened, qtbot):
    opened.session.findings.add(LINE)
    qtbot.waitUntil(lambda: len(opened.canvas.marking.findings.items) == 1)

    (item,) = opened.canvas.marking.findings.items

    assert item.style.tag.endswith("50.0 px")


def test_attributes_are_typed_and_a_batch_changes_all(opened, qtbot):
    findings, form = opened.session.findings, opened.findings.form
    for shape in (BOX, LINE):
        findings.add(shape)
    qtbot.waitUntil(lambda: len(findings.own) == 2)
    form.texts["colour"].setText("red")
    form.texts["colour"].setModified(True)
    form.texts["colour"].editingFinished.emit()
    form.size_field.setValue(12.5)
    qtbot.waitUntil(lambda: findings.own[1].size == 12.5)
    assert findings.own[0].size is None
    assert findings.own[1].colour == "red"

    opened.findings.list.selectAll()
    assert form.texts["colour"].placeholderText() == "(several)"
    form.texts["colour"].editingFinished.emit()
    form.severity.activated.emit(0)
    qtbot.waitUntil(lambda: {one.severity for one in findings.own} == {Severity.NOTE})

    assert [one.colour for one in findings.own] == ["", "red"]
    act(opened, "undo")
    qtbot.waitUntil(lambda: {one.severity for one in findings.own} == {Severity.MAJOR})


def test_marks_are_copied_from_the_picture_before(opened, qtbot):
    assert not opened.actions_by_name["copy_before"].isEnabled()
    opened.session.findings.add(BOX)
    opened.session.regions.add(BOX)
    qtbot.waitUntil(lambda: len(opened.session.regions.all) == 1)
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))

    act(opened, "copy_before")
    qtbot.waitUntil(lambda: len(opened.session.findings.own) == 1)

    assert opened.session.findings.own[0].shape == BOX
    assert opened.session.regions.all[0].shape == BOX
    act(opened, "undo")
    qtbot.waitUntil(lambda: opened.session.findings.own == ())
    assert opened.session.regions.all == ()


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Is there a nodule?", "nodule"),
        ("Are there dents on the plate?", "dent"),
        ("What is the code on the red label?", "crack"),
    ],
)
def test_the_first_finding_is_called_what_the_question_asks_for(opened, qtbot, question, label):
    opened.session.set_question(question)

    opened.session.findings.add(BOX)

    qtbot.waitUntil(lambda: len(opened.session.findings.own) == 1)
    assert opened.session.findings.own[0].label == label


def test_a_word_is_taken_out_of_the_vocabulary_and_findings_keep_it(opened, qtbot):
    findings, form = opened.session.findings, opened.findings.form
    findings.add(BOX)
    qtbot.waitUntil(lambda: len(findings.own) == 1)
    word = findings.own[0].label

    form.forget.click()

    assert word not in findings.labels
    assert findings.own[0].label == word


def test_a_note_stays_with_the_picture(opened, qtbot):
    opened.findings.note.setText("scratched on arrival")
    opened.findings.note.editingFinished.emit()
    qtbot.waitUntil(lambda: opened.session.findings.note == "scratched on arrival")
    opened.session.go(1)
    qtbot.waitUntil(lambda: opened.session.picture.locator.endswith("b.png"))
    assert opened.findings.note.text() == ""

    opened.session.go(-1)

    qtbot.waitUntil(lambda: opened.findings.note.text() == "scratched on arrival")


def test_an_inspection_that_is_not_stored_cannot_be_corrected(opened, qtbot, stage):
    stage.script.unstored = "the disk is full"
    ask(opened, qtbot)

    assert found(opened) == ()
    assert not opened.actions_by_name["accept"].isEnabled()
    assert not opened.findings.verdict.isEnabled()


def test_a_rejected_answer_of_another_record_is_not_touched(answered, qtbot):
    reject(answered, qtbot, "dust")
    first = answered.session.inspection
    ask(answered, qtbot, "Is there a scratch?")
    assert found(answered)[0].correction.stand == Stand.OPEN

    answered.session.findings.show_inspection(replace(first))

    assert found(answered)[0].correction.stand == Stand.REJECTED
