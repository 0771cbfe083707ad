"""Read first, then AI: what the program found is kept from the reader until the reader is done.

Findings that a person has seen pull that person's own after them. While the mode is on, a picture
therefore shows nothing that the program found or judged of it, anywhere in the window, until the
reader ends the first reading; that is stored and never taken back.
"""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.gesture import Correction, Gesture, Judgement, Marks, Verb
from inspector_app.domain.record_messages import RecordLine
from inspector_app.domain.verdict import Outcome
from inspector_app.gui.book import Book
from inspector_app.gui.choices import Choices


class ReadFirst(QObject):
    """Which pictures hide what the program found.

    Args:
        choices: Whether the mode is on; which picture is chosen.
        book: What people did to the open picture.

    Signals:
        changed: The open picture hides now what it showed, or the other way round.
        hidden_changed: Locator of a picture that hides something now or no longer; "" for any.
    """

    changed = Signal()
    hidden_changed = Signal(str)

    def __init__(self, choices: Choices, book: Book, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._book = book
        self._locator = ""
        self._read: set[str] = set()
        self._unread: set[str] = set()
        self._listed: set[str] = set()
        self._seen: set[str] = set()
        self._was: tuple[bool, bool] = (self.is_on, False)
        book.changed.connect(self._on_marks)
        choices.settings_changed.connect(lambda _settings: self._tell())

    @property
    def is_on(self) -> bool:
        """Whether readers read first."""
        return self._choices.settings.read_first

    @property
    def is_hiding(self) -> bool:
        """Whether the open picture still waits for its first reading."""
        return self.is_on and bool(self._book.key) and not self._book.marks.reading.is_locked

    @property
    def outcome(self) -> Outcome | None:
        """The reader's own verdict on the open picture so far."""
        return self._book.marks.reading.outcome

    def hides(self, locator: str) -> bool:
        """Whether nothing may be told that the program found in this picture.

        One that was not opened yet in this session hides it too, unless its record says that it
        was read.
        """
        known = locator in self._read or locator in self._listed
        return self.is_on and (locator in self._unread or not known)

    def open(self, locator: str) -> None:
        """Another picture is about to be shown; "" for none."""
        self._locator = locator

    def know(self, lines: Iterable[RecordLine]) -> None:
        """What the records say was read in earlier sessions."""
        found = {line.locator for line in lines if line.was_read}
        if not found <= self._listed:
            self._listed |= found
            if self.is_on:
                self.hidden_changed.emit("")

    def note_seen(self) -> None:
        """What the program found in the open picture is on the screen."""
        if self._book.key and not self._book.marks.reading.is_locked:
            self._seen.add(self._book.key)

    def switch(self) -> None:
        """Read first, or see at once what the program found."""
        settings = self._choices.settings
        self._choices.change_settings(replace(settings, read_first=not settings.read_first))

    def judge(self, outcome: Outcome | None) -> None:
        """The reader's own verdict, before anything of the program's is shown."""
        reading = self._book.expected.marks.reading
        if not reading.is_locked:
            self._book.do(
                Gesture(Verb.JUDGED, (replace(reading, outcome=outcome, by=self._book.who),))
            )

    def end(self, *, record: int | None) -> None:
        """End the first reading: what is marked by now is what was found first.

        Args:
            record: Number of the inspection that is shown now; None where there is none yet.
        """
        marks = self._book.expected.marks
        if not self.is_hiding or marks.reading.is_locked:
            return
        reading = replace(
            marks.reading,
            is_locked=True,
            findings=marks.findings,
            record=record,
            is_blind=not self._has_seen(marks),
            by=self._book.who,
        )
        self._book.do(Gesture(Verb.READ, (reading,)))

    def _has_seen(self, marks: Marks) -> bool:
        said = any(isinstance(mark, Correction | Judgement) for mark in marks.all)
        return said or self._book.key in self._seen

    def _on_marks(self, marks: Marks) -> None:
        if self._locator and self._book.key:
            known, other = self._read, self._unread
            if not marks.reading.is_locked:
                known, other = other, known
            is_news = self._locator not in known
            known.add(self._locator)
            other.discard(self._locator)
            if is_news and self.is_on:
                self.hidden_changed.emit(self._locator)
        self._tell()

    def _tell(self) -> None:
        now = (self.is_on, self.is_hiding)
        if now != self._was:
            if now[0] != self._was[0]:
                self.hidden_changed.emit("")
            self._was = now
            self.changed.emit()
