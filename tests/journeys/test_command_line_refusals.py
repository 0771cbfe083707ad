"""Bad input on the command line: one sentence, the right exit code, nothing half-written."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid
from safetensors.torch import load_file, save_file

from inspector_app import cli
from tests.fakes.records import stored_records

WRONG, UNREADABLE, MODEL, UNWRITTEN = 2, 3, 4, 5


# --- pictures --------------------------------------------------------------------------------


def dicom_without_pixels(path):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = Dataset()
    made.file_meta = meta
    made.SOPClassUID = meta.MediaStorageSOPClassUID
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    made.PatientName = "Nobody"
    made.save_as(path, enforce_file_format=True)


def spoilt(kind, photo):
    """A path at which there is no good picture."""
    path = photo.with_name("spoilt.png")
    match kind:
        case "a folder":
            path.mkdir()
        case "empty":
            path.touch()
        case "truncated":
            path.write_bytes(photo.read_bytes()[:5000])
        case "cut in its header":
            path.write_bytes(photo.read_bytes()[:20])
        case "text":
            path.write_text("not a picture\n" * 100)
        case "noise":
            path.write_bytes(np.random.default_rng(1).bytes(5000))
        case "a DICOM without pixels":
            dicom_without_pixels(path)
        case "below a file":
            return photo / "inside.png"
        case "too long a name":
            return photo.with_name("x" * 300)
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "no file"),
        ("a folder", "is a folder"),
        ("empty", "is empty"),
        ("truncated", "damaged"),
        ("cut in its header", ""),
        ("text", "not a picture"),
        ("noise", "not a picture"),
        ("a DICOM without pixels", "DICOM file without a picture"),
        ("below a file", "no file"),
        ("too long a name", ""),
    ],
)
def test_what_is_no_picture_is_unreadable_input(ask, photo, kind, words):
    ask(spoilt(kind, photo)).refused(UNREADABLE, words)

    assert len(stored_records()) == 0


def test_a_refusal_is_the_only_line_when_quiet(ask, photo):
    ended = ask(spoilt("text", photo), "--quiet")

    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("size", [(1, 1), (20_000, 4), (3, 4000)])
def test_pictures_of_extreme_shape_are_answered(ask, tmp_path, size):
    Image.new("RGB", size, (90, 120, 30)).save(tmp_path / "odd.png")
    ended = ask(tmp_path / "odd.png", "--json", "-", "--report", tmp_path / "odd.pdf")

    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert (document["image"]["width"], document["image"]["height"]) == size
    assert document["verdict"]["outcome"] == "CHECK"


# --- wrong use -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--crops", "magic"], ['"magic"', "relative_attention"]),
        (["--crops", "manual"], ["No region"]),
        (["--roi", "1,2,3"], ['"1,2,3" is no box', "x0,y0,x1,y1"]),
        (["--roi", "a,b,c,d"], ["is no box"]),
        (["--roi", "10,10,10,20"], ["is no box"]),
        (["--roi", "20,10,10,20"], ["is no box"]),
        (["--roi", "1.5,0,3,4"], ["is no box"]),
        (["--roi", ""], ["is no box"]),
        (["--roi", "0,0,401,300"], ["outside the picture", "400 x 300"]),
        (["--roi=-1,0,40,40"], ["outside the picture"]),
        (["--roi", "900,900,990,990"], ["outside the picture"]),
        (["--roi", "0,0,9,9"] * 33, ["33 regions", "32"]),
        (["--roi", "0,0,9,9", "--crops", "relative_attention"], ["finds its own regions"]),
        (["--count", "9"], ["1 to 4 crops, not 9"]),
        (["--count", "0"], ["1 to 4 crops, not 0"]),
        (["--count", "-1"], ["1 to 4 crops, not -1"]),
        (["--count", "nine"], ["--count"]),
        (["--gate", "1.5"], ["0 to 1"]),
        (["--gate", "nan"], ["0 to 1"]),
        (["--layer", "99"], ["no layer 99"]),
        (["--layer", "-1"], ["no layer -1"]),
        (["-p", "nonsense"], ['no preset "nonsense"', "industrial"]),
        (["--device", "gpu"], ['no device "gpu"']),
        (["--precision", "int4"], ['no precision "int4"']),
        (["--report", "out.docx"], ['".docx"', ".pdf"]),
        (["--report", "out"], ['"out"', ".pdf"]),
        (["--nonsense"], ["--nonsense", "inspector ask --help"]),
        (["second.png"], ["second.png"]),
    ],
)
def test_wrong_use_is_one_sentence_with_a_way_out(ask, photo, arguments, words):
    ask(photo, *arguments).refused(WRONG, *words)

    assert len(stored_records()) == 0
    assert {path.name for path in photo.parent.iterdir()} == {"photo.png"}


@pytest.mark.parametrize("question", ["", "   ", "\t\n"])
def test_a_question_without_words_is_wrong_use(ask, photo, question):
    ask(photo, question=question).refused(WRONG, "question is empty")


def test_a_question_longer_than_the_context_is_wrong_use(ask, photo):
    ask(photo, question="why " * 2000).refused(WRONG, "too long", "Shorten")


def test_a_question_of_broken_bytes_is_wrong_use(ask, photo):
    ask(photo, question="Is there a \udce9?").refused(WRONG, "no text")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], ["image", "inspector ask --help"]),
        (["ask", "a.png", "-q"], ["-q"]),
        (["--nonsense"], ["--nonsense", "inspector --help"]),
        (["bench", "nonsense"], ["nonsense"]),
        (["records", "--limit", "0"], ["--limit"]),
        (["bench", "embedded", "--seed", "-1"], ["--seed"]),
        (["bench", "embedded", "--scenes", "0"], ["--scenes"]),
        (["train", "embedded"], ["--work"]),
    ],
)
def test_wrong_use_of_any_command_is_one_sentence(run, arguments, words):
    ended = run(*arguments)

    ended.refused(WRONG, *words)
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_is_no_error(run, arguments):
    ended = run(*arguments)

    assert (ended.code, ended.err) == (0, "")
    assert "nspector" in ended.out


@pytest.mark.parametrize("arguments", [["bench"], ["train"]])
def test_half_a_command_shows_its_help(run, arguments):
    ended = run(*arguments)

    assert ended.code == WRONG
    assert "embedded" in ended.out + ended.err
    assert "Traceback" not in ended.err


# --- models ----------------------------------------------------------------------------------


def broken_model(kind, folder):
    weights = folder / "model.safetensors"
    match kind:
        case "missing":
            shutil.rmtree(folder)
        case "empty":
            shutil.rmtree(folder)
            folder.mkdir()
        case "a file":
            shutil.rmtree(folder)
            folder.write_text("here")
        case "weights of a wrong shape" | "weights that are no numbers":
            held = load_file(weights)
            name = next(name for name in sorted(held) if "layers.1.mlp.up_proj" in name)
            if kind == "weights of a wrong shape":
                held[name] = held[name][:-1].contiguous()
            else:
                held[name][0, 0] = float("nan")
            save_file(held, weights, metadata={"format": "pt"})
        case "pickle weights":
            weights.rename(folder / "pytorch_model.bin")
        case "a config of nonsense" | "a config of zeros":
            config = json.loads((folder / "config.json").read_text())
            if kind == "a config of nonsense":
                config["dtype"] = "x"
            else:
                config["text_config"]["num_attention_heads"] = 0
            (folder / "config.json").write_text(json.dumps(config))
        case "truncated weights":
            weights.write_bytes(weights.read_bytes()[:1000])
        case other:
            (folder / other).unlink()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "no model folder"),
        ("empty", "card.toml"),
        ("a file", "no model folder"),
        ("card.toml", "card.toml"),
        ("config.json", "config.json"),
        ("tokenizer.json", "tokenizer"),
        ("model.safetensors", "no weights"),
        ("preprocessor_config.json", "incomplete"),
        ("weights of a wrong shape", "incomplete or damaged"),
        ("weights that are no numbers", "finite"),
        ("pickle weights", "pickle"),
        ("truncated weights", "damaged"),
        ("a config of nonsense", "damaged"),
        ("a config of zeros", "damaged"),
    ],
)
def test_a_broken_model_folder_is_model_trouble(ask, photo, tiny_model, tmp_path, kind, words):
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    broken_model(kind, folder)

    ask(photo, model=folder).refused(MODEL, words)

    assert len(stored_records()) == 0


def test_an_unknown_model_lists_those_there_are(ask, photo):
    ask(photo, model="nonsense").refused(MODEL, '"nonsense"', "embedded")


# --- faults of our own -----------------------------------------------------------------------


def test_a_fault_of_our_own_is_one_sentence(run, home, monkeypatch, expected_warnings):
    def broken(*_):
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(cli.preset_files, "read_presets", broken)

    ended = run("presets")

    assert ended.refused(1, "fault of its own", str(home / "log"))
    assert ended.err.count("\n") == 1
    log = (home / "log" / "inspector.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "secret words" not in log + ended.err


def test_the_keyboard_stops_a_command(run, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.preset_files, "read_presets", stop)

    ended = run("presets")

    assert (ended.code, ended.out) == (130, "")
    assert "Traceback" not in ended.err


def test_a_hostile_name_does_nothing_to_the_terminal(ask, tmp_path):
    ended = ask(tmp_path / "gone\x1b[31m\nPASS\u202e.png")

    ended.refused(UNREADABLE, "no file")
    assert not any(mark in ended.err for mark in "\x1b\u202e")
