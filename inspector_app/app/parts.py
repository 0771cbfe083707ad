"""What the window is joined to: the rooms behind it, each built once."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from inspector_app import crops, paths, plugins, reports
from inspector_app.domain.messages import Request, Steps
from inspector_app.domain.operators import name_from
from inspector_app.domain.ports import Watching
from inspector_app.domain.preset_document import Shelf
from inspector_app.domain.region import Region
from inspector_app.domain.settings import Settings
from inspector_app.gui.eye import Cameras
from inspector_app.gui.facts import Sample, Strategy
from inspector_app.gui.worker import Perform
from inspector_app.presets.shelf import FileShelf
from inspector_app.settings import read_settings, save_settings
from inspector_app.store.decisions import sign_in_required
from inspector_app.workflow.decoder import Decoder


def _watch(address: str) -> Watching:
    from inspector_app.workflow.watching import Watch  # noqa: PLC0415  late

    return Watch(address)


def _about_cameras(request: Request) -> Steps[Any]:
    from inspector_app.workflow.watching import perform  # noqa: PLC0415  late

    return (yield from perform(request))


def _about_models(request: Any) -> Steps[Any]:
    from inspector_app.workflow.model_shelf import perform  # noqa: PLC0415  late

    return (yield from perform(request))


def _about_users(request: Any) -> Steps[Any]:
    from inspector_app.workflow.accounts import perform  # noqa: PLC0415  late

    return (yield from perform(request))


def _shelf() -> Shelf:
    return FileShelf(
        strategies=plugins.names(crops),
        models=paths.model_names,
        formats=plugins.names(reports),
        holds_many=lambda name: hasattr(plugins.load(reports, name), "write_book"),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is joined to.

    Attributes:
        model: Does what needs the model.
        desk: Does everything else.
        settings: As they were left.
        save: Stores settings.
        strategies: The crop strategies there are.
        samples: Pictures that come with the program.
        models: Names that can be chosen in the settings.
        notices: Sentences to begin with.
        cameras: Watches cameras.
        shelf: Keeps presets and prompt templates.
        about_models: Lists, pulls, compares and adds models.
        about_users: Keeps accounts and signatures, and writes the trail.
        who: Who works where nobody has to sign in; "" where nobody knows.
        close: Gives back what the workers held, once they have ended.
    """

    model: Perform
    desk: Perform
    settings: Settings
    save: Callable[[Settings], None]
    strategies: tuple[Strategy, ...]
    samples: tuple[Sample, ...] = ()
    models: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    cameras: Cameras = field(default_factory=lambda: Cameras(_watch, _about_cameras))
    shelf: Shelf = field(default_factory=_shelf)
    about_models: Perform = _about_models
    about_users: Perform = _about_users
    who: str = ""
    close: Callable[[], None] = lambda: None


class Workroom:
    """The workbench behind both bridges, made by whichever worker needs it first.

    Its decoder starts at once, so that it is ready when the window is.
    """

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._decoder.start()
        self._lock = threading.Lock()
        self._bench: Any = None

    def at_desk(self, request: Request) -> Steps[Any]:
        """A request that needs no model."""
        return (yield from self._workbench().perform(request))

    def with_model(self, request: Request) -> Steps[Any]:
        """A request that needs the model; the first one reads torch from the disk."""
        from inspector_app.workflow.waking import read_torch  # noqa: PLC0415  late

        yield from read_torch()
        return (yield from self._workbench().perform(request))

    def watch(self, address: str) -> Watching:
        """Watch a camera; files that a watched folder brings are decoded like all others."""
        from inspector_app.workflow.watching import Watch  # noqa: PLC0415  late

        return Watch(address, open_picture=self._decoder.open_picture)

    def close(self) -> None:
        """Give weights and database back, and end the decoder."""
        self._decoder.close()
        with self._lock:
            if self._bench is not None:
                self._bench.close()
                self._bench = None

    def _workbench(self) -> Any:
        with self._lock:
            if self._bench is None:
                from inspector_app.workflow.workbench import Workbench  # noqa: PLC0415  late

                self._bench = Workbench(pictures=self._decoder)
            return self._bench


def real_parts() -> Parts:
    """The program as it is shipped."""
    read = read_settings()
    # Before the window: nothing may be seen until somebody has signed in.
    is_required = sign_in_required(paths.data(), said=read.settings.require_sign_in)
    room = Workroom()
    return Parts(
        model=room.with_model,
        desk=room.at_desk,
        settings=replace(read.settings, require_sign_in=is_required),
        save=save_settings,
        strategies=_strategies(),
        samples=samples(),
        models=paths.model_names(),
        notices=read.notices,
        cameras=Cameras(room.watch, _about_cameras),
        who=name_from(paths.user_name()),
        close=room.close,
    )


def samples() -> tuple[Sample, ...]:
    """The pictures that come with the program; none where they were left out."""
    folder = paths.resources() / "samples"
    try:
        listed = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        return tuple(_sample(entry, folder) for entry in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _sample(entry: dict[str, Any], folder: Path) -> Sample:
    box = entry.get("box")
    return Sample(
        path=str(folder / entry["file"]),
        trade=str(entry["trade"]),
        title=str(entry.get("title", entry["file"])),
        questions=tuple(str(question) for question in entry["questions"]),
        box=Region(*(int(side) for side in box)) if box else None,
        expected=str(entry.get("expected") or ""),
    )


def _strategies() -> tuple[Strategy, ...]:
    found = ((name, plugins.load(crops, name)) for name in plugins.names(crops))
    return tuple(Strategy(name, one.TITLE, tuple(one.NEEDS)) for name, one in found)
