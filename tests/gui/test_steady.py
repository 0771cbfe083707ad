"""What PySide6 is kept from doing to the rest of the program."""

import linecache
import subprocess
import sys

from PySide6.QtWidgets import QWidget

from inspector_app import app


def test_ten_thousand_calls_leave_none_alive(qtbot):
    app.make_application()
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)

    for _ in range(10_000):
        widget.update()

    # Either the calls lose no reference, or there are more than can ever be lost.
    assert sys.getrefcount(None) > min(before - 100, 1 << 30)


def test_modules_imported_later_are_not_read_by_pyside(qapp, tmp_path, monkeypatch):
    app.make_application()
    (tmp_path / "a_late_module.py").write_text("HERE = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    import a_late_module  # noqa: PLC0415  that it is late is the point

    assert a_late_module.HERE == 1
    assert not any("a_late_module" in name for name in linecache.cache)


def test_torch_is_read_in_pieces_between_which_it_can_be_stopped():
    code = (
        "import sys\n"
        "from inspector_app.workflow.waking import read_torch\n"
        "steps = read_torch()\n"
        "next(steps); next(steps)\n"
        "assert 'torch' not in sys.modules\n"
        "steps.close()\n"
        "assert len(list(read_torch())) >= 5\n"
        "assert 'torch' in sys.modules and 'transformers' in sys.modules\n"
        "assert list(read_torch()) == []\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_what_is_imported_to_last_is_not_walked_through_by_the_collector():
    code = (
        "import gc\n"
        "from inspector_app.lasting import lasting\n"
        "from inspector_app.workflow.waking import read_torch\n"
        "list(read_torch())\n"
        "gc.collect(); before = len(gc.get_objects())\n"
        "with lasting():\n"
        "    import inspector_app.families.llava\n"
        "assert len(gc.get_objects()) < before + 5_000\n"
        "assert gc.isenabled()\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
