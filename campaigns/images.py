"""Images that strangers send, made anew from nothing but their pixels.

Re-encoding drops what is not picture: EXIF with the place and the device, colour profiles,
comments, and whatever a file that is two things at once (a polyglot) has hidden in it.

Bounded before anything is decoded: the size of the file, the pixels that its head names, and
for JPEG the number of scans, since each of thousands of tiny scans goes over all the pixels.
That leaves at most 24 megapixels of at most 4 bytes, twice while one is turned into the other.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.errors import DomainError

MAX_PIXELS = 24_000_000
MAX_SIDE = 16_000
# Cameras write 1 scan, web optimisers about 10.
MAX_SCANS = 64
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 88
PNG_START = b"\x89PNG"
_ONE_PICTURE = {"JPEG", "MPO"}  # an MPO of a telephone holds a JPEG first; the rest is dropped


class ImageRefused(DomainError):
    code = "image_unreadable"
    message = "The picture is damaged or is no JPEG, PNG or WebP. Save it again and attach that."


class ImageTooLarge(ImageRefused):
    code = "image_too_large"
    message = (
        f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels or a side above "
        f"{MAX_SIDE:,} pixels. Make it smaller."
    )


class ImageMoves(ImageRefused):
    code = "image_moves"
    message = "Moving pictures are not taken here. Attach a still one, or link to the video."


@dataclass(frozen=True)
class CleanImage:
    data: bytes
    content_type: str
    width: int
    height: int


def clean_image(data: bytes) -> CleanImage:
    """The picture in ``data``, turned upright and encoded anew, without any metadata.

    What had transparency becomes PNG, a PNG stays one, all else becomes JPEG. Raises as
    `open_picture` does.
    """
    picture = open_picture(data)
    out = io.BytesIO()
    if picture.mode == "RGBA" or data[:4] == PNG_START:
        picture.save(out, "PNG", compress_level=4)
        return CleanImage(out.getvalue(), "image/png", *picture.size)
    picture.save(out, "JPEG", quality=QUALITY)
    return CleanImage(out.getvalue(), "image/jpeg", *picture.size)


def open_picture(data: bytes) -> Image.Image:
    """The pixels in ``data``, turned upright: RGBA if it had transparency, else RGB.

    :raises ImageTooLarge: before decoding, by what the head says.
    :raises ImageMoves: if there is more than one frame.
    :raises ImageRefused: if it is another format, damaged or cut short.
    """
    if data[:2] == b"\xff\xd8" and data.count(b"\xff\xda") > MAX_SCANS:
        raise ImageTooLarge("The picture is stored in too many layers. Save it again.")
    try:
        with warnings.catch_warnings():
            # Pillow's own warning comes at sizes that are refused below anyway.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _plain_pixels(data)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge from error
    except ImageRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageRefused from error
    except (MemoryError, OverflowError, IndexError, KeyError, TypeError, AttributeError) as error:
        # What decoders raise on heads that contradict themselves.
        raise ImageRefused from error


def _plain_pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise ImageTooLarge
        if image.format not in _ONE_PICTURE and getattr(image, "n_frames", 1) > 1:
            raise ImageMoves
        has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        image.load()
        upright = ImageOps.exif_transpose(image) or image
        plain = upright.convert("RGBA" if has_alpha else "RGB")
    # Profiles, comments and packets travel in there, and encoders write what they find.
    plain.info = {}
    return plain
