"""A preset travels with its pictures, and nothing in an archive gets out of its folder."""

import io
import json
import stat
import zipfile

import pytest

from inspector_app.domain.errors import WrongUse
from inspector_app.presets import packing
from inspector_app.presets.folder import own_folder, read_file, save, stored
from inspector_app.presets.schema import PresetFile

LINE = {
    "schema_version": 2,
    "title": "Line",
    "look": {"strategy": "manual"},
    "regions": {
        "rois": [
            {"box": [10, 10, 60, 90], "unit": "percent", "angle": 12.5, "locked": True},
            {
                "box": [5, 5, 20, 20],
                "corners": [[5, 5], [20, 5], [12, 20]],
                "question": "Which code?",
                "expected": ["A7"],
                "colour": 3,
            },
        ],
        "template_picture": {"picture": "part.png"},
    },
    "golden": {"good": ["good"], "bad": ["bad 1.png", "stack.tif#2"], "each": 1},
}


@pytest.fixture
def source(tmp_path, home):
    """The folder in which the preset was made, with its pictures."""
    folder = tmp_path / "made"
    (folder / "good").mkdir(parents=True)
    for name in ("part.png", "good/g 1.png", "good/g2.png", "bad 1.png", "stack.tif"):
        (folder / name).write_bytes(name.encode() * 50)
    (folder / "good" / ".hidden").write_bytes(b"x")
    (folder / "line.json").write_text(json.dumps(LINE))
    return read_file(folder / "line.json")


def archive(*members, document=LINE, name="line"):
    """The bytes of an archive of a preset and these (name or entry, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(f"{name}.json", json.dumps(document))
        for member, content in members:
            made.writestr(member, content)
    return out.getvalue()


def test_what_is_packed_comes_back_with_every_picture_byte_by_byte(source, tmp_path):
    path = tmp_path / "line.zip"
    path.write_bytes(packing.pack(source.content, name="line", folder=source.path.parent))

    packing.unpack(packing.read_packed(path), name="line 7")

    back = stored("line 7")
    folder = own_folder()
    assert back.content.regions.rois == source.content.regions.rois
    template = back.preset.template_picture
    assert (folder / template).read_bytes() == b"part.png" * 50
    good = folder / back.content.golden.good[0]
    assert {one.read_bytes() for one in good.iterdir()} == {
        b"good/g 1.png" * 50,
        b"good/g2.png" * 50,
    }
    first, second = back.content.golden.bad
    assert (folder / first).read_bytes() == b"bad 1.png" * 50
    assert second.endswith(".tif#2")
    assert (folder / second.removesuffix("#2")).read_bytes() == b"stack.tif" * 50


def test_the_same_preset_always_gives_the_same_archive(source):
    folder = source.path.parent

    one, two = (packing.pack(source.content, name="line", folder=folder) for _ in range(2))

    assert one == two


def test_a_missing_picture_is_told_when_it_is_packed(source):
    (source.path.parent / "part.png").unlink()

    with pytest.raises(WrongUse, match=r"part\.png"):
        packing.pack(source.content, name="line", folder=source.path.parent)


def link():
    entry = zipfile.ZipInfo("line.files/01-part.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


BARE = {**LINE, "regions": {}, "golden": {}}


@pytest.mark.parametrize(
    "member",
    [
        "../evil.png",
        "line.files/../../evil.png",
        "/etc/evil.png",
        "C:/evil.png",
        "line.files\\..\\evil.png",
        "line.files/a\x07.png",
        "line.files/ .. /x.png",
        "other/evil.png",
        link(),
    ],
    ids=str,
)
def test_a_file_that_would_lie_elsewhere_is_refused_and_nothing_is_written(tmp_path, home, member):
    path = tmp_path / "line.zip"
    path.write_bytes(archive((member, b"evil"), document=BARE))
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(WrongUse):
        packing.unpack(packing.read_packed(path), name="line")

    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_no_packed_preset_is_refused_with_a_sentence(tmp_path, home):
    path = tmp_path / "x.zip"
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as made:
        made.writestr("a.json", "{}")
        made.writestr("b.json", "{}")
    cut = archive(("line.files/a.png", b"a" * 900), document=BARE)
    for content in (b"no archive", two.getvalue(), cut[:200], archive(document={"title": ""})):
        path.write_bytes(content)
        with pytest.raises(WrongUse, match="damaged"):
            packing.read_packed(path)


def test_a_preset_that_names_pictures_the_archive_does_not_hold_is_refused(tmp_path, home):
    path = tmp_path / "line.zip"
    path.write_bytes(archive())

    with pytest.raises(WrongUse, match="does not hold"):
        packing.read_packed(path)


def test_too_many_and_too_large_pictures_are_refused_before_they_are_read(tmp_path, monkeypatch):
    path = tmp_path / "line.zip"
    path.write_bytes(archive(("line.files/a.png", b"0" * 3000), document=BARE))
    monkeypatch.setattr(packing, "MOST_BYTES", 2000)

    with pytest.raises(WrongUse, match="files of"):
        packing.read_packed(path)


def test_a_second_preset_of_the_name_does_not_overwrite_the_pictures_of_the_first(source, tmp_path):
    path = tmp_path / "line.zip"
    path.write_bytes(packing.pack(source.content, name="line", folder=source.path.parent))
    packed = packing.read_packed(path)

    packing.unpack(packed, name="line")
    packing.unpack(packed, name="line")

    assert len(list(own_folder().glob("line*.files"))) == 2
    assert (own_folder() / stored("line").preset.template_picture).exists()


def test_a_picture_that_is_taken_twice_is_kept_once(source, home):
    picture = str(source.path.parent / "part.png")

    names = {packing.take_picture("line", picture) for _ in range(2)}

    (name,) = names
    assert (own_folder() / name).read_bytes() == b"part.png" * 50
    assert len(list((own_folder() / "line.files").iterdir())) == 1


def test_a_preset_without_pictures_is_packed_as_it_is(tmp_path, home):
    content = PresetFile.model_validate(BARE)
    path = tmp_path / "bare.zip"
    path.write_bytes(packing.pack(content, name="bare", folder=tmp_path))

    packed = packing.read_packed(path)

    assert (packed.content, packed.members) == (content, ())
    assert save("bare", packed.content).exists()
