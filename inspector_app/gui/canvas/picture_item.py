"""The picture itself: only what is seen, from the level that fits the zoom."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from inspector_app.gui.canvas.camera import scale_of
from inspector_app.gui.canvas.feeding import Feeder, Piece, Wish, made
from inspector_app.gui.painting import unharmed
from inspector_app.gui.picture import Pyramid, Tone

_CRISP_FROM = 6.0
"""From this many device pixels per picture pixel on, pixels are shown as squares."""

_MOST = 12_000_000
"""Level pixels for one paint; beyond, on very large screens, the next level is sharp enough."""

_MOST_HASTY = 3_000_000
"""The same while a window is dragged."""

_MARGIN = 192
"""Level pixels made beyond what is seen, so that a pan need not make them again."""

_COARSE = 512
"""Longest side of the picture that stands in where no piece is there yet."""

_PATIENCE_S = 0.016
"""How long a paint waits for its piece before it shows what there is: a frame of the screen."""


class PictureItem(QGraphicsItem):
    """A pyramid in the Frame's pixels: the item's coordinates are the picture's.

    What is seen is brought to the pixels of the screen once for a zoom and a window, by the
    feeder's thread; a pan then only copies it. Until a piece is there the last good one of the
    same picture is shown, stretched to where it belongs, over a coarse one of the whole.

    Args:
        feeder: Makes the pieces; None makes them while painting, for pictures on paper.
    """

    def __init__(self, feeder: Feeder | None = None) -> None:
        super().__init__()
        self._feeder = feeder
        self._pyramid: Pyramid | None = None
        self._piece: Piece | None = None
        self._asked: Wish | None = None
        self._coarse: Piece | None = None
        self._last_scale = 0.0
        self._tone = Tone()
        self._is_hasty = False
        self.is_fresh = False
        self._turn = 0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another picture."""
        self.prepareGeometryChange()
        self._pyramid = pyramid
        self._piece = self._asked = self._coarse = None
        if self._feeder is not None:
            self._feeder.forget(self)
        self.is_fresh = False
        self.update()

    def set_tone(self, tone: Tone, *, is_hasty: bool = False) -> None:
        """Show through another grey window.

        Args:
            tone: Window and polarity.
            is_hasty: The window is being dragged: on very large screens it is drawn from a
                coarser level until it rests.
        """
        if (tone, is_hasty) != (self._tone, self._is_hasty):
            self._tone, self._is_hasty = tone, is_hasty
            self.is_fresh = False
            self.update()

    def take(self, piece: Piece) -> None:
        """A piece that was wished for is there."""
        if piece.wish.pyramid is not self._pyramid or piece is self._piece:
            return
        self._piece = piece
        self.update()

    @property
    def turns(self) -> tuple[int, int]:
        """Number of the newest wish, and of the one that is shown."""
        shown = self._piece.wish.turn if self._piece is not None else -1
        return self._turn, self._turn if self.is_fresh else shown

    def boundingRect(self) -> QRectF:  # noqa: N802  Qt's name
        if self._pyramid is None:
            return QRectF()
        width, height = self._pyramid.size
        return QRectF(0, 0, width, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # noqa: ARG002  Qt's signature
    ) -> None:
        if self._pyramid is not None:
            with unharmed(painter):
                self._paint_seen(painter, option.exposedRect, self._pyramid)

    def _paint_seen(self, painter: QPainter, exposed: QRectF, pyramid: Pyramid) -> None:
        scale = scale_of(painter.deviceTransform())
        seen = exposed.intersected(self.boundingRect())
        # A screen of usual size is drawn as quickly as well.
        is_hasty = self._is_hasty and seen.width() * seen.height() * scale**2 > _MOST_HASTY
        most = _MOST_HASTY if is_hasty else _MOST
        level = _level_for(scale, seen, pyramid, most=most)
        wanted = _box_of(seen, pyramid, level=level)
        if wanted.isEmpty():
            return
        piece = self._piece
        is_sharp = piece is not None and _fits(piece.wish, level=level, scale=scale, box=wanted)
        self.is_fresh = is_sharp and piece is not None and piece.wish.tone == self._tone
        if not self.is_fresh:
            piece = self._asked_for(seen, level=level, scale=scale, is_hasty=is_hasty) or piece
            is_sharp = piece is not None and _fits(piece.wish, level=level, scale=scale, box=wanted)
        elif piece is not None and _runs_out(piece.wish, wanted):
            # A pan comes near the edge of what was made: the next piece is there before it.
            whole = self._whole_of(seen)
            self._ask(self._wish(whole, pyramid, level=level, scale=scale, is_hasty=is_hasty))
        if piece is None or not _covers(piece.wish, seen):
            self._paint_coarse(painter, pyramid)
        if piece is not None:
            self._draw(painter, piece, seen, is_sharp=is_sharp, is_hasty=is_hasty)

    def _draw(
        self, painter: QPainter, piece: Piece, seen: QRectF, *, is_sharp: bool, is_hasty: bool
    ) -> None:
        """A piece as well as it fits: pixel on pixel, as squares, or stretched."""
        if not is_sharp or is_hasty:
            _draw_stretched(painter, piece, seen, is_smooth=is_sharp)
        elif _is_crisp(piece.wish.scale, piece.wish.pyramid):
            _draw_stretched(painter, piece, seen, is_smooth=False)
        else:
            _draw_copy(painter, piece)

    def _asked_for(self, seen: QRectF, *, level: int, scale: float, is_hasty: bool) -> Piece | None:
        """Ask for what is seen; the piece itself where there is none yet and it comes at once."""
        pyramid = self._pyramid
        if pyramid is None:
            return None
        wish = self._wish(
            self._whole_of(seen), pyramid, level=level, scale=scale, is_hasty=is_hasty
        )
        if self._feeder is None:
            self._piece = made(wish)
            self.is_fresh = True
            return self._piece
        if not self._ask(wish):
            return None
        # Mostly it comes at once: a paint less, and no flicker. If not, nobody waits for it.
        piece = self._feeder.wait_for(self, wish, patience_s=_PATIENCE_S)
        if piece is not None:
            self._piece, self.is_fresh = piece, True
        return piece

    def _ask(self, wish: Wish) -> bool:
        """Ask for a piece, unless it is on its way; whether it was asked for now."""
        if self._feeder is None or wish == self._asked:
            return False
        self._asked = wish
        self._turn = wish.turn
        self._feeder.want(self, wish)
        return True

    def _whole_of(self, exposed: QRectF) -> QRectF:
        """All that is seen, where only a strip of it was laid bare."""
        scene = self.scene()
        for view in scene.views() if scene is not None else []:
            seen = view.mapToScene(view.viewport().rect()).boundingRect()
            if seen.contains(exposed):
                return seen.intersected(self.boundingRect())
        return exposed

    def _wish(
        self, seen: QRectF, pyramid: Pyramid, *, level: int, scale: float, is_hasty: bool
    ) -> Wish:
        # While the zoom changes, a margin would be thrown away with the next step.
        is_panned = scale == self._last_scale and not self._is_hasty
        margin = _MARGIN if is_panned else 0
        self._last_scale = scale
        own = pyramid.extent(level)
        wanted = _box_of(seen, pyramid, level=level)
        box = wanted.adjusted(-margin, -margin, margin, margin).intersected(own)
        size = box.width(), box.height()
        if not is_hasty and not _is_crisp(scale, pyramid):
            across, down = own.width() / pyramid.size[0], own.height() / pyramid.size[1]
            size = (
                max(1, round(box.width() / across * scale)),
                max(1, round(box.height() / down * scale)),
            )
        return Wish(pyramid, level, box, size, scale, self._tone, self._turn + 1)

    def _paint_coarse(self, painter: QPainter, pyramid: Pyramid) -> None:
        """All of the picture from a level so small that it takes no time."""
        coarse = self._coarse
        if coarse is None or coarse.wish.tone != self._tone:
            level = pyramid.last
            box = pyramid.extent(level)
            share = min(1.0, _COARSE / max(box.width(), box.height()))
            size = max(1, round(box.width() * share)), max(1, round(box.height() * share))
            wish = Wish(pyramid, level, box, size, 0.0, self._tone)
            coarse = Piece(wish, pyramid.piece(level, box, tone=self._tone, size=size))
            self._coarse = coarse
        _draw_stretched(painter, coarse, self.boundingRect(), is_smooth=False)


def _fits(wish: Wish, *, level: int, scale: float, box: QRect) -> bool:
    """Whether a piece was made for this zoom and holds this box of the level."""
    return (wish.level, wish.scale) == (level, scale) and wish.box.contains(box)


def _runs_out(wish: Wish, box: QRect) -> bool:
    """Whether a box comes near an edge of a piece beyond which there is more of the picture."""
    near = _MARGIN // 3
    wide = box.adjusted(-near, -near, near, near).intersected(wish.pyramid.extent(wish.level))
    return not wish.box.contains(wide)


def _covers(wish: Wish, seen: QRectF) -> bool:
    return _in_picture(wish).adjusted(-0.5, -0.5, 0.5, 0.5).contains(seen)


def _level_for(scale: float, seen: QRectF, pyramid: Pyramid, *, most: int) -> int:
    """The level that fits the zoom, or a coarser one where more than `most` pixels are seen."""
    level = pyramid.level_for(scale)
    while seen.width() * seen.height() / 4**level > most and level < pyramid.last:
        level += 1
    return level


def _is_crisp(scale: float, pyramid: Pyramid) -> bool:
    """Whether pixels are shown as squares; those of a smaller copy where there is only that."""
    return scale * pyramid.size[0] / pyramid.extent(0).width() >= _CRISP_FROM


def _box_of(seen: QRectF, pyramid: Pyramid, *, level: int) -> QRect:
    """What of a level shows a part of the picture, in whole pixels."""
    own, (width, height) = pyramid.extent(level), pyramid.size
    across, down = own.width() / width, own.height() / height
    return (
        QRectF(seen.x() * across, seen.y() * down, seen.width() * across, seen.height() * down)
        .toAlignedRect()
        .adjusted(-1, -1, 1, 1)
        .intersected(own)
    )


def _in_picture(wish: Wish) -> QRectF:
    """The box of a piece in picture pixels."""
    own, (width, height) = wish.pyramid.extent(wish.level), wish.pyramid.size
    across, down = own.width() / width, own.height() / height
    box = wish.box
    return QRectF(box.x() / across, box.y() / down, box.width() / across, box.height() / down)


def _draw_stretched(painter: QPainter, piece: Piece, seen: QRectF, *, is_smooth: bool) -> None:
    """What is seen of a piece by the painter: as squares, or blended."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
    whole = _in_picture(piece.wish)
    target = whole.intersected(seen.adjusted(-1, -1, 1, 1))
    if target.isEmpty():
        return
    across, down = (
        part / side for part, side in zip(piece.wish.size, whole.size().toTuple(), strict=True)
    )
    # Whole pixels of the piece, or its squares would be cut at the edges.
    cut = (
        QRectF(
            (target.x() - whole.x()) * across,
            (target.y() - whole.y()) * down,
            target.width() * across,
            target.height() * down,
        )
        .toAlignedRect()
        .intersected(QRect(0, 0, *piece.wish.size))
    )
    target = QRectF(
        whole.x() + cut.x() / across,
        whole.y() + cut.y() / down,
        cut.width() / across,
        cut.height() / down,
    )
    piece.image.setDevicePixelRatio(1.0)
    painter.drawImage(target, piece.image, QRectF(cut), Qt.ImageConversionFlag.AutoColor)


def _draw_copy(painter: QPainter, piece: Piece) -> None:
    """Pixel on pixel: the image has the screen's own, only its turn is left to the painter."""
    ratio = painter.device().devicePixelRatio()
    matrix = painter.transform()
    origin = matrix.map(_in_picture(piece.wish).topLeft())
    # Between the pixels of the screen it would have to be interpolated once more.
    corner = QPointF(round(origin.x() * ratio) / ratio, round(origin.y() * ratio) / ratio)
    scale = scale_of(matrix)
    turned = QTransform.fromScale(1 / scale, 1 / scale) * matrix
    turn = QTransform(turned.m11(), turned.m12(), turned.m21(), turned.m22(), 0.0, 0.0)
    painter.setTransform(turn * QTransform.fromTranslate(corner.x(), corner.y()))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    piece.image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(0, 0), piece.image)
