"""Every test: no screen, its own home, no network, no thread left, no unexpected warning."""

import os

os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

import logging
import socket
import threading

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

# No test is timed: a busy machine is no defect.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_PATIENCE_S = 60
_PATIENCE_MS = 60_000
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """A throw-away home: records, settings and logs of one test."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("INSPECTOR_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in _LOOPBACK:
            pytest.fail(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _no_thread_left():
    before = set(threading.enumerate())
    yield
    # Threads that Qt or torch made show up as dummies and are theirs to end.
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    for thread in left:
        thread.join(_PATIENCE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads outlive the test: {alive}"


class PatientBot(QtBot):
    """One that waits as long as a busy machine may need: what comes is not waited for longer."""

    def waitUntil(self, callback, *, timeout=_PATIENCE_MS):  # noqa: N802  its name there
        return super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=_PATIENCE_MS, **options):  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals, *, timeout=_PATIENCE_MS, **options):  # noqa: N802
        return super().waitSignals(signals, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp, request):
    """What drives the window."""
    return PatientBot(request)


@pytest.fixture
def expected_warnings():
    """Asked for by a test in which the program is right to log a warning."""


@pytest.fixture(autouse=True)
def _no_unexpected_log(request, caplog):
    yield
    if "expected_warnings" in request.fixturenames:
        return
    loud = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name.startswith("inspector_app")
    ]
    assert not loud, f"unexpected log lines: {loud}"
