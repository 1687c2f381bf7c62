import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from campaigns.images import ImageMoves, ImageRefused, ImageTooLarge
from scoring.planning_posts.pictures import (
    MAX_BYTES,
    ImageHidesFile,
    ImageIsDrawing,
    describe_picture,
)


def picture(form: str = "PNG", size: tuple[int, int] = (80, 60), **options: object) -> bytes:
    ramp = np.linspace(0, 255, size[0], dtype=np.uint8)
    pixels = np.repeat(np.tile(ramp, (size[1], 1))[:, :, None], 3, axis=2)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


def moving(form: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def flood() -> bytes:
    """A head that names 100,000 × 100,000 pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x" * 40)


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_described(form: str) -> None:
    facts = describe_picture(picture(form))
    assert (facts.width, facts.height) == (80, 60)
    assert 0.4 < facts.brightness < 0.6
    assert facts.distance_to_past is None
    again = describe_picture(picture(form), [facts.perceptual_hash, 0])
    assert again.distance_to_past == 0


def test_a_photo_of_a_telephone_is_taken() -> None:
    # a preview inside and a film behind the picture are no other file of harm
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    data = picture("JPEG", exif=exif.tobytes()) + b"\x00\x00\x00\x18ftypmp42" + b"\xff\xd9"
    assert (describe_picture(data).width, describe_picture(data).height) == (60, 80)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            ImageIsDrawing,
        ),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", ImageIsDrawing),
        (picture("PNG") + b"PK\x03\x04rest", ImageHidesFile),
        (picture("JPEG") + b"<HTML><script>x</script>", ImageHidesFile),
        (picture("WEBP") + b"<?php evil", ImageHidesFile),
        (flood(), ImageTooLarge),
        (b"x" * (MAX_BYTES + 1), ImageTooLarge),
        (moving("PNG"), ImageMoves),
        (moving("WEBP"), ImageMoves),
        (moving("GIF"), ImageRefused),
        (picture("PNG")[:-40], ImageRefused),
        (picture("JPEG")[:300], ImageRefused),
        (b"", ImageRefused),
        (b"\x00" * 100, ImageRefused),
        (b"\xff\xd8" + b"\xff" * 500, ImageRefused),
    ],
    ids=range(15),
)
def test_what_is_no_still_picture_is_refused_by_name(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        describe_picture(data)
