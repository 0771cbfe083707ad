"""The process that decodes: same pictures, and no file harms whoever asks."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.messages import OpenPicture
from inspector_app.workflow import open as opening
from inspector_app.workflow.decoder import Decoder
from inspector_app.workflow.workbench import Workbench
from tests.fakes.steps import finish
from tests.sources.test_dicom import HU, written

RNG = np.random.default_rng(3)


# However busy the machine is: only the test about patience is short of it.
PATIENT_S = 100


@pytest.fixture
def decoder():
    made = Decoder(patience_s=PATIENT_S)
    yield made
    made.close()
    assert made.processes == ()


def is_running(number):
    return Path(f"/proc/{number}").exists()


def some_pictures(folder):
    colour = RNG.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(colour).save(folder / "colour.png")
    Image.fromarray(colour[:, :, 0]).save(folder / "grey 裂纹.png")
    tifffile.imwrite(folder / "deep.tif", RNG.integers(0, 65536, (2, 9, 7)).astype(np.uint16))
    written(folder / "scan.dcm", HU, WindowCenter=40, WindowWidth=400, PixelSpacing=[0.5, 0.4])
    return opening.list_pictures(str(folder))


def test_pictures_are_those_that_sources_make(tmp_path, decoder):
    names = some_pictures(tmp_path)

    assert decoder.list_pictures(str(tmp_path)) == names
    for name in names:
        ours, theirs = decoder.open_picture(name), opening.open_picture(name)
        assert (ours.pixels == theirs.pixels).all()
        assert (ours.values is None) == (theirs.values is None)
        assert ours.values is None or (ours.values == theirs.values).all()
        assert ours.values is None or ours.values.dtype == theirs.values.dtype
        assert not ours.pixels.flags.writeable
        assert (ours.provenance, ours.mm_per_pixel) == (theirs.provenance, theirs.mm_per_pixel)
        assert (ours.windows, ours.scan) == (theirs.windows, theirs.scan)
        small = decoder.open_thumbnail(name, side=16)
        assert (small == opening.open_thumbnail(name, side=16)).all()
    assert decoder.pictures_in(names[0]) == opening.pictures_in(names[0])
    assert decoder.series_in(names) == opening.series_in(names)


def test_a_refusal_is_the_same_sentence(tmp_path, decoder):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")

    for name in (str(tmp_path / "a.png"), str(tmp_path / "none.png"), str(tmp_path), "\0", ""):
        with pytest.raises(UnreadablePicture) as wanted:
            opening.open_picture(name)
        with pytest.raises(UnreadablePicture) as refusal:
            decoder.open_picture(name)
        assert refusal.value.sentence() == wanted.value.sentence()


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (8, 6), "red").save(tmp_path / "a.png")
    return str(tmp_path / "a.png")


def test_one_process_serves_one_picture_after_the_other(picture, decoder):
    decoder.start()
    (first,) = decoder.processes
    for _ in range(3):
        decoder.open_picture(picture)

    assert decoder.processes == (first,)


def test_a_killed_process_is_replaced(picture, decoder):
    decoder.open_picture(picture)
    (first,) = decoder.processes
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    assert decoder.open_picture(picture).size == (8, 6)
    assert not is_running(first)


def test_a_process_that_dies_over_a_file_gives_one_sentence(picture, decoder):
    decoder.open_picture(picture)
    (first,) = decoder.processes
    os.kill(first, signal.SIGSTOP)
    killer = threading.Timer(0.2, os.kill, (first, signal.SIGKILL))
    killer.start()

    with pytest.raises(UnreadablePicture, match=r"a\.png made its decoder fail") as refusal:
        decoder.open_picture(picture)

    killer.join()
    assert refusal.value.hint
    assert decoder.open_picture(picture).size == (8, 6)


def test_a_decoder_that_hangs_is_ended(picture):
    decoder = Decoder(patience_s=0.3)
    try:
        # The process is up before its patience is tried.
        decoder.series_in(())
        (first,) = decoder.processes
        os.kill(first, signal.SIGSTOP)

        with pytest.raises(UnreadablePicture, match=r"a\.png could not be opened within"):
            decoder.open_picture(picture)

        assert not is_running(first)
        assert decoder.processes == ()
    finally:
        decoder.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_a_file_is_not_given_up_because_the_machine_is_busy(picture):
    decoder = Decoder(patience_s=1)
    try:
        decoder.series_in(())
        (first,) = decoder.processes
        # One that is stopped gets no time, as on a machine that has none.
        os.kill(first, signal.SIGSTOP)
        later = threading.Timer(1.5, os.kill, (first, signal.SIGCONT))
        later.start()

        frame = decoder.open_picture(picture)

        later.join()
        assert frame.size == (8, 6)
        assert decoder.processes == (first,)
    finally:
        decoder.close()


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="the system has no such limit")
def test_a_picture_that_wants_too_much_memory_is_refused_and_the_next_one_opens(tmp_path, picture):
    Image.new("L", (16_000, 16_000)).save(tmp_path / "large.png")
    decoder = Decoder(memory_bytes=1_300_000_000, patience_s=PATIENT_S)
    try:
        with pytest.raises(UnreadablePicture, match="memory"):
            decoder.open_picture(str(tmp_path / "large.png"))

        assert decoder.open_picture(picture).size == (8, 6)
    finally:
        decoder.close()


def test_two_ask_at_the_same_time_and_both_are_served(tmp_path, decoder):
    names = some_pictures(tmp_path)
    served = []

    def work():
        served.extend(decoder.open_picture(name).size for name in names)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(served) == 4 * len(names)
    assert len(decoder.processes) <= 2


def test_closing_ends_all_processes_and_refuses_what_comes_later(picture):
    decoder = Decoder(patience_s=PATIENT_S)
    decoder.open_picture(picture)
    (first,) = decoder.processes

    decoder.close()

    assert not is_running(first)
    with pytest.raises(UnreadablePicture):
        decoder.open_picture(picture)
    decoder.close()


def test_whoever_waits_while_all_is_closed_is_refused(picture):
    decoder = Decoder(patience_s=PATIENT_S)
    decoder.open_picture(picture)
    (first,) = decoder.processes
    os.kill(first, signal.SIGSTOP)
    said = []

    def wait():
        try:
            decoder.open_picture(picture)
        except UnreadablePicture as refusal:
            said.append(refusal.sentence())

    thread = threading.Thread(target=wait)
    thread.start()
    while not decoder._busy:
        pass
    decoder.close()
    thread.join()

    assert len(said) == 1
    assert not is_running(first)


def test_a_frame_outlives_the_process_that_made_it(picture):
    decoder = Decoder(patience_s=PATIENT_S)
    frame = decoder.open_picture(picture)

    decoder.close()

    assert (frame.pixels == [255, 0, 0]).all()


def test_the_workbench_opens_through_the_decoder_it_is_given(picture, decoder):
    bench = Workbench(pictures=decoder)
    try:
        frame = finish(bench.perform(OpenPicture(picture)))
    finally:
        bench.close()

    assert frame.size == (8, 6)
    assert len(decoder.processes) == 1
