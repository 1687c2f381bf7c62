"""Figures of an image somebody sends; the image itself is looked at in memory and forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from campaigns.images import ImageRefused, ImageTooLarge, open_picture
from scoring.ml.plep.images import ImageFacts, image_facts

MAX_BYTES: Final = 12 * 1024 * 1024
ALIKE_BITS: Final = 8
"""Images whose hashes differ in at most as many bits look much the same."""

_FOREIGN: Final = (b"PK\x03\x04", b"PK\x05\x06", b"<html", b"<script", b"<?php", b"%PDF-", b"<svg")
# How far behind the picture's end is looked: what a web server goes by stands at either end.
_LOOKED_AT: Final = 64 * 1024


class ImageIsDrawing(ImageRefused):
    code = "image_not_pixels"
    message = "This is a drawing in words (SVG or a web page), not a picture. Save it as PNG."


class ImageHidesFile(ImageRefused):
    code = "image_hides_file"
    message = "Behind the picture there is another file. Save the picture again and attach that."


def describe_picture(data: bytes, past_hashes: Iterable[int] = ()) -> ImageFacts:
    """Size, brightness, colourfulness and hash of a PNG, JPEG or WebP.

    :param past_hashes: of the creator's earlier images.
    :raises ImageTooLarge: by bytes, or by the pixels its head names, before decoding.
    :raises ImageIsDrawing, ImageHidesFile: as named.
    :raises campaigns.images.ImageRefused: damaged, moving, cut short or of another format.
    """
    if len(data) > MAX_BYTES:
        raise ImageTooLarge(f"The file is larger than {MAX_BYTES // 2**20} MB. Make it smaller.")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        raise ImageIsDrawing
    picture = open_picture(data)
    if any(sign in rest for rest in [_behind(data).lower()] for sign in map(bytes.lower, _FOREIGN)):
        raise ImageHidesFile
    return image_facts(np.asarray(picture.convert("RGB")), past_hashes)


def _behind(data: bytes) -> bytes:
    """What follows the picture's own end, both ends of it, as far as the format tells."""
    if data[:4] == b"\x89PNG":
        end = _end_of_png(data)
    elif data[:4] == b"RIFF":
        end = 8 + int.from_bytes(data[4:8], "little")
    else:
        end = _end_of_jpeg(data)
    rest = data[end:]
    return rest[:_LOOKED_AT] + b" " + rest[-_LOOKED_AT:]


def _end_of_png(data: bytes) -> int:
    place = 8
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        place += 12 + length
        if kind == b"IEND":
            break
    return place


def _end_of_jpeg(data: bytes) -> int:
    """Past the end marker; segments are stepped over, so that a preview's end is not taken."""
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            place = data.find(b"\xff", place)
            if place < 0:
                break
            continue
        marker = data[place + 1]
        if marker == 0xD9:
            return place + 2
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            place += 1 if marker == 0xFF else 2
            continue
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return len(data)
