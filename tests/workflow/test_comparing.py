"""Two templates on labelled pictures: what is asked, what counts as right, what is left out."""

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.domain.messages import Inspect, LoadModel
from inspector_app.domain.preset import Options
from inspector_app.workflow.comparing import Label, Way, compare, read_labels
from tests.fakes.perform import Script, answer
from tests.fakes.steps import finish
from tests.workflow.conftest import write_picture


def way(name, *, says):
    def request(label, size, is_deep):
        return Inspect(label.picture, f"{says} {label.question}", "whole", Options())

    return Way(name, request)


def test_labels_are_read_from_their_own_folder(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("picture,question,expected\n裂纹/a.png,Is it?,yes\nb.png,,A49U\n", "utf-8")

    assert read_labels(path) == (
        Label(str(tmp_path / "裂纹" / "a.png"), "Is it?", "yes"),
        Label(str(tmp_path / "b.png"), "", "A49U"),
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "have no picture"),
        (b"picture,question\na.png,x\n", "have no expected"),
        (b"picture,expected\na.png,\n", "Line 2"),
        (b"picture,expected\n,yes\n", "Line 2"),
        (b"\xff\xfe\x00", "could not be read"),
        (b"picture,expected\na.png,a\0b\n", ""),
    ],
)
def test_labels_that_are_none_are_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "labels.csv"
    path.write_bytes(content)

    if not words:
        assert len(read_labels(path)) == 1
        return
    with pytest.raises(WrongUse, match=words):
        read_labels(path)


def test_labels_that_are_not_there_are_named(tmp_path):
    with pytest.raises(WrongUse, match=r"none\.csv could not be read"):
        read_labels(tmp_path / "none.csv")


def test_right_and_wrong_are_counted_pair_by_pair(tmp_path):
    for name in ("a.png", "b.png"):
        write_picture(tmp_path / name)
    script = Script(whole=answer("Yes."))
    labels = [
        Label(str(tmp_path / "a.png"), "1", "yes"),
        Label(str(tmp_path / "b.png"), "2", "no"),
        Label(str(tmp_path / "gone.png"), "3", "yes"),
    ]

    told = finish(compare(script.perform, labels, (way("one", says="a"), way("two", says="b"))))

    assert (told.found.both, told.found.neither, told.found.count) == (1, 1, 2)
    assert told.unreadable == (str(tmp_path / "gone.png"),)
    assert "no claim" in told.lines()[2]
    asked = [one for one in script.asked if isinstance(one, Inspect)]
    assert [one.question for one in asked] == ["a 1", "b 1", "a 2", "b 2"]
    assert not any(one.save for one in asked)
    assert asked[0].model == LoadModel("embedded")
    assert told.as_json()["count"] == 2
