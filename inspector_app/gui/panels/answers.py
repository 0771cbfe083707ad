"""The verdict, what was said before and after zooming, and the crops with their answers."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector_app.domain.answer import Answer
from inspector_app.domain.inspection import Inspection
from inspector_app.domain.messages import Inspect, Problem, Words
from inspector_app.domain.relation import is_relational
from inspector_app.domain.verdict import Outcome, Verdict, asks_for_unwanted
from inspector_app.domain.wording import inert
from inspector_app.gui.facts import WHOLE, Evidence
from inspector_app.gui.live_session import LiveSession
from inspector_app.gui.panels.crops import CropStrip
from inspector_app.gui.panels.reading import ReadingBar
from inspector_app.gui.parts import Bar, caption, hairline, muted, plain, plain_tip, restyle
from inspector_app.gui.theme import Look
from inspector_app.gui.wording.verdict_words import finding_lines, verdict_words
from inspector_app.gui.wording.words import (
    note_words,
    outcome_word,
    percent_words,
    sureness,
    trial_words,
)

_SHORT = 40
_SYMBOL_SIDE = 34
_SYMBOLS = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.CHECK: "check"}


class VerdictBlock(QFrame):
    """Word, symbol and colour of a verdict, with its reason; gone where there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        self._look = look
        self._verdict: Verdict | None = None
        self._symbol, self._word, self._reason = QLabel(), plain(role="word"), muted()
        self._found = muted()
        self._symbol.setFixedSize(_SYMBOL_SIDE, _SYMBOL_SIDE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._word)
        words.addWidget(self._reason)
        words.addWidget(self._found)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(12)
        layout.addWidget(self._symbol)
        layout.addLayout(words, 1)
        look.changed.connect(self._draw)
        self.show_verdict(None)

    @property
    def verdict(self) -> Verdict | None:
        """What stands there."""
        return self._verdict

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Put a verdict there, or nothing."""
        self._verdict = verdict
        self.setVisible(verdict is not None)
        self._draw()

    def show_pending(self) -> None:
        """There will be a verdict: its place is kept, so that nothing jumps when it comes."""
        self._verdict = None
        self._draw()
        self.show()

    def _draw(self) -> None:
        verdict = self._verdict
        self.setProperty("outcome", verdict.outcome.value if verdict else "")
        if verdict is None:
            self._symbol.clear()
            self._word.setText("…")
            self._word.setStyleSheet("")
            self._reason.setText(self.tr("not judged yet"))
            self._found.clear()
            self.setAccessibleName(self._reason.text())
        else:
            colour = self._look.colours.outcome(verdict.outcome)
            name = _SYMBOLS[verdict.outcome]
            self._symbol.setPixmap(self._look.pixmap(name, side=_SYMBOL_SIDE, colour=colour))
            self._word.setText(outcome_word(verdict.outcome))
            self._word.setStyleSheet(f"color: {colour}")
            self._reason.setText(verdict_words(verdict))
            self._found.setText("\n".join(finding_lines(verdict)))
            told = (self._reason.text(), *finding_lines(verdict))
            self.setAccessibleName(f"{self._word.text()}: {'; '.join(told)}")
        self._found.setVisible(bool(self._found.text()))
        restyle(self)

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self._draw()


class AnswerBlock(QWidget):
    """One answer: its words, how sure the model was of them, and the runner-up."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = caption()
        self.text = plain(role="answer")
        self.bar = Bar(look)
        self.sure = muted()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self.title, self.text, self.bar, self.sure):
            layout.addWidget(part)
        layout.addStretch(1)

    def show_words(self, text: str) -> None:
        """Words as they come, marked as unfinished; nothing is known of them yet."""
        self._say(f"{inert(text, limit=2000)} …".lstrip())
        self.bar.set_share(None)
        self.sure.setText(" ")
        for part in (self.bar, self.sure):
            part.setToolTip("")
            part.show()

    def show_answer(self, answer: Answer | None, *, otherwise: str = "") -> None:
        """A finished answer, or in its place why there is none."""
        if answer is None:
            self._say(otherwise)
        else:
            self._say(inert(answer.text, limit=2000) or self.tr("(no words)"))
        self._show_sureness(answer)

    def _say(self, text: str) -> None:
        """A word or two stand large; sentences are easier to read small."""
        role = "answer" if len(text) <= _SHORT else "sentences"
        if self.text.property("role") != role:
            self.text.setProperty("role", role)
            restyle(self.text)
        self.text.setText(text)

    def _show_sureness(self, answer: Answer | None) -> None:
        share = sureness(answer) if answer is not None else None
        self.bar.set_share(share)
        self.bar.setVisible(answer is not None)
        self.sure.setVisible(answer is not None)
        if answer is None:
            return
        words = [percent_words(share)]
        meaning = [
            self.tr(
                "Probability of all words of the answer together. Not a probability of being right."
            )
        ]
        if answer.margin is not None:
            words.append(self.tr("lead {margin:.2f}").format(margin=answer.margin))
            meaning.append(
                self.tr("Lead: probability of the first word minus that of the runner-up, 0 to 1.")
            )
        if answer.runner_up.strip():
            meaning.append(
                self.tr('Runner-up: "{word}"').format(
                    word=inert(answer.runner_up.strip(), limit=30)
                )
            )
        self.sure.setText("  ·  ".join(words))
        for part in (self.sure, self.bar):
            part.setToolTip(plain_tip("\n".join(meaning)))


class AnswerPanel(QScrollArea):
    """In the order of thought: the verdict, before and after, the evidence."""

    def __init__(self, session: LiveSession, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._session = session
        self._look = look
        self.verdict = VerdictBlock(look)
        self.empty = muted()
        self.reading = ReadingBar(session)
        self.asked = plain(role="muted")
        self.asked.hide()
        self.whole, self.zoomed = AnswerBlock(look), AnswerBlock(look)
        self.agreement_symbol = QLabel()
        self.agreement_symbol.setFixedSize(16, 16)
        self.agreement = muted()
        self.notes = plain(role="muted")
        self.trials = plain()
        self.crops = CropStrip(session, look)
        self._shown: Inspection | None = None
        self._arrange()
        self._listen()
        self.retranslate()

    def _arrange(self) -> None:
        inside = QWidget()
        pair = QHBoxLayout()
        pair.setSpacing(12)
        pair.addWidget(self.whole, 1)
        pair.addWidget(self.zoomed, 1)
        agreement = QHBoxLayout()
        agreement.setSpacing(6)
        agreement.addWidget(self.agreement_symbol, 0, Qt.AlignmentFlag.AlignTop)
        agreement.addWidget(self.agreement, 1)
        self._pair = QWidget()
        both = QVBoxLayout(self._pair)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(8)
        both.addLayout(pair)
        both.addLayout(agreement)
        both.addWidget(self.trials)
        both.addWidget(self.notes)
        both.addWidget(hairline())
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        for part in (self.reading, self.asked, self.verdict, self.empty, self._pair, self.crops):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _listen(self) -> None:
        session = self._session
        session.inspection_changed.connect(self._show)
        session.evidence_changed.connect(self._show_evidence)
        session.question_changed.connect(lambda _text: self._show_asked())
        session.asking.words_came.connect(self._on_words)
        session.asking.failed.connect(self._on_failed)
        session.working_changed.connect(self._show_empty)
        session.picture_changed.connect(lambda _picture: self._show_empty())
        session.read_first.changed.connect(self._show_empty)
        session.shown_changed.connect(lambda _is_live: self._show_empty())
        self._look.changed.connect(lambda: self._show_agreement(self._shown))

    def retranslate(self) -> None:
        """Say everything in the language of the moment."""
        self.setAccessibleName(self.tr("Answer"))
        self.whole.title.setText(self.tr("Whole picture"))
        self.zoomed.title.setText(self.tr("Zoomed"))
        verdict = self.verdict.verdict
        self._show(self._shown)
        if self._shown is None:
            self.verdict.show_verdict(verdict)
        self.crops.retranslate()

    def _show(self, inspection: Inspection | None) -> None:
        self._shown = inspection
        self.verdict.show_verdict(inspection.verdict if inspection is not None else None)
        self._pair.setVisible(inspection is not None)
        self._show_asked()
        self._show_empty()
        self.crops.show_answers(inspection.crop_answers if inspection is not None else ())
        if inspection is None:
            self.whole.show_answer(None)
            self.zoomed.show_answer(None)
            return
        self.whole.show_answer(inspection.whole)
        self.zoomed.show_answer(inspection.zoomed, otherwise=self.tr("not zoomed"))
        self._show_agreement(inspection)
        self.trials.setText("\n".join(trial_words(one) for one in inspection.trials))
        self.trials.setVisible(bool(inspection.trials))
        self.notes.setText("\n".join(note_words(note) for note in inspection.notes))
        self.notes.setVisible(bool(inspection.notes))

    def _show_asked(self) -> None:
        """Nobody shall take an answer for one to the question that is typed by now."""
        asked = self._shown.question if self._shown is not None else ""
        is_other = self._shown is not None and asked not in {
            self._session.question.strip(),
            self._session.request_for(self._shown.provenance.locator).question,
        }
        self.asked.setVisible(is_other)
        self.asked.setText(self.tr("Asked: {question}").format(question=inert(asked, limit=200)))

    def _show_empty(self) -> None:
        session = self._session
        is_here = session.picture is not None or session.is_live_shown
        if session.is_live_shown:
            text = self.tr("The answer about a picture of the camera stands here.")
        elif session.picture is None:
            text = self.tr("Open a picture to ask about it.")
        elif session.read_first.is_hiding:
            text = ""
        elif session.is_inspecting(session.picture.locator):
            text = self.tr("Being inspected …")
        else:
            text = self.tr("Type a question and press Enter.")
        self.empty.setText(text)
        is_told = self._pair.isVisibleTo(self) or self.verdict.verdict is not None
        self.empty.setVisible(bool(text) and not (is_told and is_here))

    def _show_agreement(self, inspection: Inspection | None) -> None:
        agrees = inspection.agrees if inspection is not None else None
        self.agreement.setVisible(agrees is not None)
        self.agreement_symbol.setVisible(agrees is not None)
        if agrees is None:
            return
        colours = self._look.colours
        name, colour = ("equal", colours.text) if agrees else ("unequal", colours.check)
        self.agreement_symbol.setPixmap(self._look.pixmap(name, side=16, colour=colour))
        assert inspection is not None
        self.agreement.setText(self._agreement_words(inspection, agrees=agrees))

    def _agreement_words(self, inspection: Inspection, *, agrees: bool) -> str:
        vote = inspection.vote
        count = len(vote.voices)
        if agrees and vote.is_unanimous:
            if count == 2:
                return self.tr("Both say the same.")
            return self.tr("All {count} views agree.").format(count=count)
        words = [self.tr("They disagree: look for yourself.")]
        if count > 2:
            said = self.tr('By weight {share} of {count} views say "{winner}"; against: {against}.')
            views = {"whole": self.tr("whole"), "zoomed": self.tr("zoomed")}
            words = [
                said.format(
                    share=percent_words(vote.share),
                    count=count,
                    winner=inert(vote.winner.text, limit=40),
                    against=", ".join(views.get(one.whose, one.whose) for one in vote.against),
                )
            ]
        if is_relational(inspection.question):
            words.append(self.tr("It is about where things lie: the whole picture counts most."))
        return " ".join(words)

    def _show_evidence(self, evidence: Evidence) -> None:
        self.crops.show_regions(evidence.regions)

    def _on_words(self, locator: str, words: Words) -> None:
        if self._session.picture is None or locator != self._session.picture.locator:
            return
        if self._session.read_first.is_hiding:
            return
        if not self._pair.isVisibleTo(self):
            self._keep_places()
        self.empty.hide()
        self.notes.hide()
        if words.whose == "whole":
            self.whole.show_words(words.text)
        elif words.whose == "zoomed":
            self.zoomed.show_words(words.text)
        else:
            self.crops.show_words(words)

    def _keep_places(self) -> None:
        """The first words come: what will follow them has its place already."""
        self._pair.setVisible(True)
        request = self._session.asking.request
        if request is None:
            return
        if asks_for_unwanted(request.question):
            self.verdict.show_pending()
        is_compared = request.strategy != WHOLE
        for part in (self.agreement, self.agreement_symbol):
            part.setVisible(is_compared)
        self.agreement_symbol.clear()
        self.agreement.setText(self.tr("Not compared yet."))

    def _on_failed(self, request: Inspect, problem: Problem) -> None:
        """An error never looks like a good part: a question with a verdict says CHECK."""
        picture = self._session.picture
        if picture is None or picture.locator != request.locator:
            return
        if self._session.read_first.is_hiding:
            return
        self._pair.hide()
        if asks_for_unwanted(request.question):
            reason = "the program went wrong" if problem.trace else problem.text
            self.verdict.show_verdict(Verdict(Outcome.CHECK, reason))
        self._show_empty()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
