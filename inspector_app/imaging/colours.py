"""Colours of any profile to those of a screen: sRGB."""

import io

import numpy as np
from PIL import Image, ImageCms

_SPACES = {"RGB ": ("RGB", "RGBA"), "GRAY": ("L",), "CMYK": ("CMYK",)}
_SAME = 2
"""Levels of 255 by which a profile may differ from sRGB and still be taken for it."""


def managed(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """A loaded picture in sRGB, and what a reader must know of it.

    Pictures without a profile, or with sRGB's own, come back as they are. Alpha is kept.
    """
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _transformed(image, lab), ("CIELAB shown as sRGB",)
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profile:
        return image, ()
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space
        picture = _suited(image, space)
        if picture is None or _is_same(source, picture.mode):
            return image, ()
        name = (source.profile.profile_description or "unnamed").strip("\0 ")
        return _transformed(picture, source), (f"colour profile {name[:60]} brought to sRGB",)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image, ("its colour profile is damaged and was left out",)


def is_screens_own(profile: object) -> bool:
    """Whether an RGB picture with this profile (or none) needs no conversion."""
    if not isinstance(profile, bytes) or not profile:
        return True
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return source.profile.xcolor_space == "RGB " and _is_same(source, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False


def _suited(image: Image.Image, space: str) -> Image.Image | None:
    """The picture in a mode that the profile speaks about; None where it fits none."""
    wanted = _SPACES.get(space, ())
    if image.mode in wanted:
        return image
    if space == "RGB ":
        if image.mode in {"P", "PA", "RGBa"}:
            has_alpha = image.mode != "P" or "transparency" in image.info
            return image.convert("RGBA" if has_alpha else "RGB")
        return image.convert("RGB") if image.mode == "YCbCr" else None
    return None


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    output = "RGBA" if image.mode == "RGBA" else "RGB"
    transform = ImageCms.buildTransform(
        source,
        ImageCms.createProfile("sRGB"),
        image.mode,
        output,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    done = ImageCms.applyTransform(image, transform)
    if done is None:
        raise ImageCms.PyCMSError("no picture")
    return done


def _is_same(source: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether colours come out as they went in; tried on a few hundred of them."""
    steps = np.linspace(0, 255, 7).astype(np.uint8)
    if mode == "L":
        probe = np.arange(256, dtype=np.uint8)[None]
        kept = np.repeat(probe[:, :, None], 3, axis=2)
    elif mode in {"RGB", "RGBA"}:
        probe = kept = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    else:
        return False
    seen = np.asarray(_transformed(Image.fromarray(probe), source))
    return bool(np.abs(seen.astype(int) - kept).max() <= _SAME)
