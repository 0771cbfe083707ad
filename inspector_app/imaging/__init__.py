"""Pure functions on pixels and maps: no files but bytes, no models, no widgets.

May import numpy, OpenCV, Pillow and `domain`; nothing here keeps state or touches a screen.

    windowing     stored values to 8-bit grey, by the formulas of DICOM PS3.3
    wishes        grey windows by their names, and a picture through them
    colours       embedded profiles to sRGB
    jpeg          ordinary JPEG, quickly
    conversion    any Pillow picture to upright RGB
    source_bytes  the bytes of a file, or one clear sentence why not
    resizing      enlarge, shrink, thumbnails
    tiling        cut a large picture into tiles about square
    joining       maps of tiles, or of any grid, onto one grid
    maps          ratio of maps, high-pass mask, attention sinks
    search        where a map stands out: windows in whole pixels
    suppression   of boxes that lie over better ones
    registration  where a part lies, compared with a template picture
    quality       blur and exposure
    writing       what looks like lines of letters
    overlays      heat in colours readable for the colour-blind; boxes and letters
    pyramid, png  smaller copies, and bytes to keep
    plate         the picture of a record, ready to be drawn on
"""
