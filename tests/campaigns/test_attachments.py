"""Files of strangers: what is let in comes out as nothing but its picture or pages.

The bombs are built here and really tried. Their bounds are generous beside what was measured,
so that a busy machine does not fail them, and far below what letting them in would cost.
"""

import contextlib
import io
import resource
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from accounts.errors import DomainError
from campaigns import attachments, images, pdfs
from campaigns.attachments import path_of, remove_unsent, safe_name
from campaigns.images import clean_image
from campaigns.models import Attachment, Collaboration
from campaigns.pdfs import clean_pdf
from tests.campaigns.conftest import NOW
from tests.campaigns.test_messaging import attach, picture, write
from tests.cast import Cast

MEGABYTE = 1024 * 1024


def image(form: str = "JPEG", size: tuple[int, int] = (40, 30), **fields: object) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if form == "PNG" else "RGB"
    Image.new(mode, size, "teal").save(out, form, **fields)  # type: ignore[arg-type]
    return out.getvalue()


def png_claiming(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG whose head names any size, over as little or much as one likes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def deflated_zeros(megabytes: int) -> bytes:
    """Zeros by the megabyte, quick to write: after a full flush each piece stands for itself."""
    deflator = zlib.compressobj(9)
    head = deflator.compress(b"\0") + deflator.flush(zlib.Z_FULL_FLUSH)
    piece = deflator.compress(bytes(MEGABYTE)) + deflator.flush(zlib.Z_FULL_FLUSH)
    return head + piece * megabytes + deflator.flush()


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda document: None, **saving: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def written_pdf(objects: list[bytes]) -> bytes:
    """A PDF written by hand, so that it may be as wrong as one likes."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


class TestImages:
    @pytest.mark.parametrize(
        ("form", "content_type"),
        [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")],
    )
    def test_a_picture_comes_out_as_a_picture(self, form: str, content_type: str) -> None:
        cleaned = clean_image(image(form))
        assert (cleaned.content_type, cleaned.width, cleaned.height) == (content_type, 40, 30)
        assert Image.open(io.BytesIO(cleaned.data)).size == (40, 30)

    def test_place_device_and_comments_are_gone_and_it_stands_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0110] = "Telephone of Carla"
        exif[0x0112] = 6  # to be turned by a quarter
        exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
        sent = image(exif=exif, comment=b"secret", icc_profile=b"profile-of-a-screen")
        assert b"Telephone of Carla" in sent
        cleaned = clean_image(sent)
        again = Image.open(io.BytesIO(cleaned.data))
        assert (cleaned.width, cleaned.height) == (30, 40)
        assert not again.getexif()
        assert not {"exif", "comment", "icc_profile"} & set(again.info)
        for words in (b"Telephone of Carla", b"secret", b"profile-of-a-screen"):
            assert words not in cleaned.data

    def test_what_hides_behind_a_picture_is_dropped(self) -> None:
        for sent in (
            image() + b"<script>alert(1)</script>",
            image("PNG") + b"PK\x03\x04 a zip begins here",
            image(comment=b"<?php system($_GET['c']); ?>"),
        ):
            cleaned = clean_image(sent).data
            assert not any(part in cleaned for part in (b"<script>", b"PK\x03\x04", b"<?php"))

    def test_moving_pictures_are_refused(self) -> None:
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
        for form in ("PNG", "WEBP"):
            out = io.BytesIO()
            frames[0].save(out, form, save_all=True, append_images=frames[1:])
            with pytest.raises(images.ImageMoves):
                clean_image(out.getvalue())

    @pytest.mark.parametrize(
        "data",
        [
            b"", b"x", image()[:200], image("PNG")[:60], image("WEBP")[:40],
            b"\xff\xd8\xff" + bytes(500), b"\x89PNG\r\n\x1a\n" + bytes(500), png_claiming(0, 0),
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            image("GIF"), image("TIFF"), image("BMP"),
        ],
    )  # fmt: skip
    def test_what_is_no_whole_picture_is_refused_by_name(self, data: bytes) -> None:
        with pytest.raises(images.ImageRefused):
            clean_image(data)

    def test_a_picture_that_only_claims_to_be_huge_is_refused_by_its_head(self) -> None:
        for width, height in (
            (60_000, 60_000),
            (2**31 - 1, 2**31 - 1),
            (16_001, 1),
            (6_000, 4_001),
        ):
            started = time.perf_counter()
            with pytest.raises(images.ImageTooLarge):
                clean_image(png_claiming(width, height))
            assert time.perf_counter() - started < 0.5

    def test_a_bomb_of_a_picture_is_refused_before_it_is_unpacked(self) -> None:
        """900 million pixels of zeros, deflated to less than a megabyte."""
        bomb = png_claiming(30_000, 30_000, deflated_zeros(858))
        assert len(bomb) < MEGABYTE
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        with pytest.raises(images.ImageTooLarge):
            clean_image(bomb)
        assert time.perf_counter() - started < 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024

    def test_more_data_than_the_head_names_is_not_unpacked(self) -> None:
        """The other way round: a small picture over 300 megabytes of deflated zeros."""
        bomb = png_claiming(10, 10, deflated_zeros(300))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        clean_image(bomb)
        assert time.perf_counter() - started < 2
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024

    def test_a_jpeg_of_a_thousand_scans_is_refused(self) -> None:
        plain = image(progressive=True)
        scan = plain[plain.rindex(b"\xff\xda") : -2]
        with pytest.raises(images.ImageTooLarge):
            clean_image(plain[:-2] + scan * 1_000 + plain[-2:])

    @given(
        st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 10_000)
    )
    @limits(max_examples=150, deadline=None)
    def test_no_damage_raises_anything_else(self, noise: bytes, form: str, place: int) -> None:
        data = bytearray(image(form))
        at = place % len(data)
        data[at : at + len(noise)] = noise
        with contextlib.suppress(images.ImageRefused):
            clean_image(bytes(data))


class TestPdfs:
    def test_a_document_comes_out_with_its_pages_words_and_links(self) -> None:
        out = io.BytesIO()
        canvas = Canvas(out)
        canvas.setAuthor("Carla of Lindenstraße")
        for number in range(3):
            canvas.drawString(100, 700, f"Page {number}")
            canvas.linkURL("https://example.org/", (0, 0, 50, 50))
            canvas.showPage()
        canvas.save()
        cleaned = clean_pdf(out.getvalue())
        again = pikepdf.open(io.BytesIO(cleaned.data))
        assert cleaned.pages == len(again.pages) == 3
        assert again.pages[1].Annots[0].A.URI == "https://example.org/"
        assert "/Info" not in again.trailer
        assert b"Page 1" in again.pages[1].Contents.read_bytes()

    def test_showing_the_first_page_on_opening_is_let_go(self) -> None:
        def first_page(document: pikepdf.Pdf) -> None:
            document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])

        again = pikepdf.open(io.BytesIO(clean_pdf(pdf(first_page)).data))
        assert "/OpenAction" not in again.Root

    def test_what_is_hidden_behind_or_beside_the_pages_is_dropped(self) -> None:
        def stray(document: pikepdf.Pdf) -> None:
            document.Root.Metadata = pikepdf.Stream(document, b"<x:xmpmeta>Carla</x:xmpmeta>")

        cleaned = clean_pdf(pdf(stray) + b"\n% PK\x03\x04 and more\n%%EOF").data
        assert b"Carla" not in cleaned
        assert b"and more" not in cleaned

    @pytest.mark.parametrize(
        "root",
        [
            {"/OpenAction": {"/S": "/JavaScript", "/JS": "x"}},
            {"/OpenAction": {"/S": "/Launch", "/F": "calc.exe"}},
            {"/OpenAction": {"/S": "/URI", "/URI": "https://example.org/"}},
            {"/AA": {"/WC": {"/S": "/JavaScript", "/JS": "x"}}},
            {"/Names": {"/JavaScript": {"/Names": []}}},
            {"/Names": {"/EmbeddedFiles": {"/Names": []}}},
            {"/AcroForm": {"/XFA": "x"}},
            {"/Outlines": {"/First": {"/A": {"/S": "/Launch"}}}},
            {"/Outlines": {"/First": {"/A": {"/S": "/URI", "/URI": "javascript:alert(1)"}}}},
            {"/Outlines": {"/First": {"/A": {"/S": "/GoToR", "/F": "x"}}}},
            {"/Collection": {}},
        ],
    )
    def test_what_runs_or_carries_something_is_refused(self, root: dict[str, object]) -> None:
        def active(document: pikepdf.Pdf) -> None:
            for name, value in root.items():
                document.Root[name] = _object(value)

        with pytest.raises(pdfs.PdfActive):
            clean_pdf(pdf(active))

    def test_locked_documents_are_refused(self) -> None:
        for user in ("", "word"):
            locked = pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
            with pytest.raises(pdfs.PdfEncrypted):
                clean_pdf(locked)

    @pytest.mark.parametrize(
        "data",
        [b"%PDF-1.7", pdf()[:300], b"%PDF-1.4\n" + bytes(2_000), b"junk" + pdf(), image()],
    )
    def test_what_is_no_whole_document_is_refused_by_name(self, data: bytes) -> None:
        with pytest.raises(pdfs.PdfRefused):
            clean_pdf(data)

    def test_too_many_pages(self) -> None:
        def many(document: pikepdf.Pdf) -> None:
            for _ in range(200):
                document.add_blank_page()

        with pytest.raises(pdfs.PdfTooManyPages):
            clean_pdf(pdf(many))


def _object(value: object) -> object:
    if isinstance(value, dict):
        return pikepdf.Dictionary({name: _object(one) for name, one in value.items()})
    if isinstance(value, list):
        return pikepdf.Array([_object(one) for one in value])
    is_name = isinstance(value, str) and value.startswith("/")
    return pikepdf.Name(value) if is_name else pikepdf.String(str(value))


def stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"


def bombs() -> dict[str, bytes]:
    flate = b"/Filter /FlateDecode"
    twice = zlib.compress(deflated_zeros(1_000), 9)
    # Each of eight nodes names the next one a hundred times: 10^16 pages in a kilobyte.
    tree = [
        b"<< /Type /Pages /Count 1 /Kids [" + b"%d 0 R " % (number + 1) * 100 + b"] >>"
        for number in range(2, 10)
    ]
    objects = b" ".join(b"%d 0" % number for number in range(10, 20))
    return {
        "a page of 4 GB of zeros": written_pdf(
            [CATALOG, ONE_PAGE, PAGE, stream(deflated_zeros(4_000), flate)]
        ),
        "deflated twice": written_pdf(
            [CATALOG, ONE_PAGE, PAGE, stream(twice, b"/Filter [/FlateDecode /FlateDecode]")]
        ),
        "packed objects of 2 GB": written_pdf([
            CATALOG, ONE_PAGE, PAGE,
            stream(
                deflated_zeros(2_000), b"/Type /ObjStm /N 10 /First %d %s" % (len(objects), flate)
            ),
        ]),
        "nested arrays": written_pdf([CATALOG, ONE_PAGE, PAGE, b"[" * 200_000 + b"]" * 200_000]),
        "nested dictionaries": written_pdf(
            [CATALOG, ONE_PAGE, PAGE, b"<< /A " * 400 + b"1" + b" >>" * 400]
        ),
        "a tree of 10^16 pages": written_pdf(
            [CATALOG, *tree, b"<< /Type /Page /MediaBox [0 0 9 9] >>"]
        ),
        "a tree that names itself": written_pdf(
            [CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]
        ),
        "two hundred thousand times one page": written_pdf(
            [CATALOG, b"<< /Type /Pages /Kids [" + b"3 0 R " * 200_000 + b"] /Count 1 >>", PAGE]
        ),
        "a picture of 10^10 pixels": written_pdf([
            CATALOG, ONE_PAGE, PAGE,
            stream(b"x", b"/Subtype /Image /Width 100000 /Height 100000 /Filter /DCTDecode"),
        ]),
        "two hundred thousand objects": written_pdf([CATALOG, ONE_PAGE, PAGE, *[b"1"] * 200_000]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def all_bombs() -> dict[str, bytes]:
    return bombs()


@pytest.mark.parametrize("name", [
    "a page of 4 GB of zeros", "deflated twice", "packed objects of 2 GB", "nested arrays",
    "nested dictionaries", "a tree of 10^16 pages", "a tree that names itself",
    "two hundred thousand times one page", "a picture of 10^10 pixels",
    "two hundred thousand objects",
])  # fmt: skip
def test_bombs_of_documents_are_refused_within_their_limits(
    name: str, all_bombs: dict[str, bytes]
) -> None:
    bomb = all_bombs[name]
    assert len(bomb) <= 8 * MEGABYTE
    started = time.perf_counter()
    with pytest.raises(pdfs.PdfRefused):
        clean_pdf(bomb)
    assert time.perf_counter() - started < pdfs.WALL_SECONDS


def test_the_limits_are_the_processs_own() -> None:
    """What happens when the program itself is asked for more than it has."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import pdf_rewriting as p, io\n"
        "p.rewritten = lambda data: (bytes(2 * p.MEMORY), 1)\n"
        "sys.exit(p.main())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(pdfs.PROGRAM.parent)],
        input=b"", capture_output=True, timeout=20, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, b"too_heavy")


@given(st.binary(min_size=1, max_size=60), st.integers(0, 10_000))
@limits(max_examples=8, deadline=None)
def test_no_damage_to_a_document_raises_anything_else(noise: bytes, place: int) -> None:
    data = bytearray(pdf())
    at = place % len(data)
    data[at : at + len(noise)] = noise
    with contextlib.suppress(pdfs.PdfRefused):
        clean_pdf(bytes(data))


@pytest.mark.django_db
class TestKeeping:
    def test_a_file_is_kept_under_a_random_name_outside_every_address(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        kept = attach(cast, invited, name="../../Mood board (1).PNG")
        assert (kept.name, kept.kind, kept.width, kept.height) == (
            "Mood board (1).png", "image", 20, 10,
        )  # fmt: skip
        path = path_of(kept.path)
        assert path.stat().st_size == kept.size
        assert Path(settings.MEDIA_ROOT) in path.parents
        assert "mood" not in kept.path.lower()

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file_empty"),
            (b"x" * (8 * MEGABYTE + 1), "file_too_large"),
            (b"<svg onload='alert(1)'/>", "file_kind_refused"),
            (b"MZ\x90\x00", "file_kind_refused"),
            (b"GIF89a" + bytes(100), "file_kind_refused"),
            (b"\xff\xd8\xff\xe0 half", "image_unreadable"),
            (b"%PDF-1.7 half", "pdf_unreadable"),
        ],
    )
    def test_a_refused_file_leaves_nothing(
        self, cast: Cast, invited: Collaboration, data: bytes, code: str
    ) -> None:
        before = files_kept()
        with pytest.raises(DomainError) as refused:
            attach(cast, invited, file=io.BytesIO(data))
        assert refused.value.code == code
        assert refused.value.details == {"field": "file"}
        assert not Attachment.objects.exists()
        assert files_kept() == before

    def test_only_some_wait_to_be_sent(
        self, cast: Cast, invited: Collaboration, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attachments, "MOST_UNUSED", 2)
        kept = [attach(cast, invited, file=picture()) for _ in range(2)]
        with pytest.raises(attachments.TooManyFiles):
            attach(cast, invited)
        write(cast, invited, attachment_ids=[kept[0].pk])
        assert attach(cast, invited)

    def test_what_is_not_sent_within_a_day_is_removed(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        sent, unsent = attach(cast, invited), attach(cast, invited)
        late = attach(cast, invited, now=NOW + timedelta(hours=1))
        write(cast, invited, attachment_ids=[sent.pk])
        assert remove_unsent(now=NOW + timedelta(days=1)) == 1
        assert not path_of(unsent.path).exists()
        assert path_of(sent.path).exists()
        assert set(Attachment.objects.all()) == {sent, late}


def files_kept() -> int:
    return sum(path.is_file() for path in (Path(settings.MEDIA_ROOT) / "attachments").rglob("*"))


@given(st.text(max_size=300))
def test_no_name_is_too_odd(name: str) -> None:
    safe = safe_name(name, suffix=".pdf")
    assert safe.endswith(".pdf")
    assert len(safe) <= 110
    assert not set(safe) & set('/\\\r\n\0"<>')
