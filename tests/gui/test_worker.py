"""The bridge: numbered requests out, exactly one ending back."""

import threading

import pytest

from inspector_app.domain.errors import UnreadablePicture
from inspector_app.domain.messages import (
    Cancelled,
    Failed,
    Finished,
    ListFolder,
    OpenPicture,
    Progressed,
    Step,
)
from inspector_app.domain.record_messages import ListRecords, OpenRecord
from inspector_app.gui.worker import Bridge


class Bench:
    """A perform that waits at a gate and remembers in which thread it ran."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.order = []
        self.threads = set()
        self.was_closed = False

    def perform(self, request):
        self.threads.add(threading.current_thread().name)
        try:
            yield Step("open", 0, 2)
            while not self.gate.wait(0.001):
                yield Step("open", 0, 2)
        except GeneratorExit:
            self.was_closed = True
            raise
        self.order.append(request)
        if isinstance(request, OpenPicture) and request.locator == "missing":
            raise UnreadablePicture("There is no missing.", hint="Choose another.")
        if isinstance(request, OpenPicture) and request.locator == "bug":
            raise ZeroDivisionError("division by zero")
        if isinstance(request, OpenPicture) and request.locator == "exit":
            raise SystemExit(3)
        if isinstance(request, OpenPicture) and request.locator == "huge":
            raise MemoryError
        return request


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def bridge(qtbot, bench, heard):
    made = Bridge(bench.perform, name="test worker")
    made.arrived.connect(heard.append)
    yield made
    bench.gate.set()
    assert made.close(patience_s=60)


def endings(heard):
    return [message for message in heard if not isinstance(message, Progressed)]


def test_a_job_tells_its_steps_and_then_its_one_ending(qtbot, bridge, heard):
    job = bridge.submit(OpenPicture("a"))

    qtbot.waitUntil(lambda: not bridge.is_busy)
    assert [type(message) for message in heard] == [Progressed, Finished]
    assert {message.job for message in heard} == {job}
    assert heard[-1].value == OpenPicture("a")


def test_jobs_run_in_the_worker_thread_and_are_told_in_this_one(qtbot, bridge, bench):
    told_in = []
    bridge.submit(OpenPicture("a"), tell=lambda _m: told_in.append(threading.current_thread()))

    qtbot.waitUntil(lambda: len(told_in) == 2)
    assert bench.threads == {"test worker"}
    assert set(told_in) == {threading.main_thread()}


def test_a_stopped_job_ends_as_cancelled_and_its_generator_is_closed(qtbot, bridge, bench, heard):
    bench.gate.clear()
    job = bridge.submit(OpenPicture("a"))
    qtbot.waitUntil(lambda: bool(heard))

    bridge.cancel(job)

    qtbot.waitUntil(lambda: not bridge.is_busy)
    assert endings(heard) == [Cancelled(job)]
    assert bench.was_closed
    assert not bench.order


def test_a_job_stopped_before_it_began_is_never_begun(qtbot, bridge, bench, heard):
    bench.gate.clear()
    first = bridge.submit(OpenPicture("a"))
    second = bridge.submit(OpenPicture("b"))
    bridge.cancel(second)
    bridge.cancel(first)

    qtbot.waitUntil(lambda: not bridge.is_busy)
    assert {message.job for message in endings(heard)} == {first, second}
    assert Progressed not in {type(m) for m in heard if m.job == second}


def test_nothing_more_is_heard_of_a_replaced_job(qtbot, bridge, bench, heard):
    bench.gate.clear()
    old = bridge.submit(OpenPicture("old"))
    qtbot.waitUntil(lambda: bool(heard))
    heard.clear()

    new = bridge.submit(OpenPicture("new"), replaces=old)
    bench.gate.set()

    qtbot.waitUntil(lambda: not bridge.is_busy)
    assert {message.job for message in heard} == {new}
    assert len(endings(heard)) == 1


def test_trouble_of_the_world_is_told_in_its_own_words(qtbot, bridge, heard):
    bridge.submit(OpenPicture("missing"))

    qtbot.waitUntil(lambda: bool(endings(heard)))
    problem = endings(heard)[0].problem
    assert (problem.text, problem.hint, problem.trace) == (
        "There is no missing.",
        "Choose another.",
        "",
    )


@pytest.mark.parametrize("locator", ["bug", "exit"])
def test_a_bug_ends_its_job_with_a_trace_and_the_worker_goes_on(qtbot, bridge, heard, locator):
    bridge.submit(OpenPicture(locator))
    bridge.submit(OpenPicture("a"))

    qtbot.waitUntil(lambda: len(endings(heard)) == 2)
    failed, finished = endings(heard)
    assert isinstance(failed, Failed)
    assert "perform" in failed.problem.trace
    assert isinstance(finished, Finished)


def test_a_full_memory_is_the_world_and_no_bug(qtbot, bridge, heard):
    bridge.submit(OpenPicture("huge"))

    qtbot.waitUntil(lambda: bool(endings(heard)))
    problem = endings(heard)[0].problem
    assert "memory" in problem.text
    assert not problem.trace


def test_urgent_jobs_go_first_and_of_the_patient_ones_the_newest(qtbot, bridge, bench, heard):
    bench.gate.clear()
    bridge.submit(OpenPicture("running"))
    qtbot.waitUntil(lambda: bool(heard))
    bridge.submit(ListFolder("1"), urgency=5, newest_first=True)
    bridge.submit(ListFolder("2"), urgency=5, newest_first=True)
    bridge.submit(ListRecords(), urgency=0)
    bench.gate.set()

    qtbot.waitUntil(lambda: len(endings(heard)) == 4)
    assert bench.order[1:] == [ListRecords(), ListFolder("2"), ListFolder("1")]


def test_a_value_is_prepared_in_the_worker_thread(qtbot, bench, heard):
    where = []

    def prepare(_request, value):
        where.append(threading.current_thread().name)
        return [value]

    bridge = Bridge(bench.perform, name="preparing", prepare=prepare)
    bridge.arrived.connect(heard.append)
    bridge.submit(OpenPicture("a"))

    qtbot.waitUntil(lambda: bool(endings(heard)))
    assert bridge.close(patience_s=60)
    assert where == ["preparing"]
    assert endings(heard)[0].value == [OpenPicture("a")]


def test_closing_while_a_job_runs_stops_it_and_ends_the_thread(qtbot, bench):
    bridge = Bridge(bench.perform, name="closing")
    bench.gate.clear()
    with qtbot.waitSignal(bridge.arrived):
        bridge.submit(OpenPicture("a"))
    bridge.submit(OpenPicture("never"))

    assert bridge.close(patience_s=60)

    assert bench.was_closed
    assert not bench.order
    assert "closing" not in {thread.name for thread in threading.enumerate()}


def test_closing_can_let_what_waits_be_done_first(qtbot):
    done = []

    def perform(request):
        yield Step("save", 0, 1)
        done.append(request)

    bridge = Bridge(perform, name="patient")
    for number in range(20):
        bridge.submit(OpenRecord(number))

    assert bridge.close(drops=False)
    assert [request.id for request in done] == list(range(20))
