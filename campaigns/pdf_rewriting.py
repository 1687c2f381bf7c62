"""Checks a PDF and writes it anew: a program of its own, for `campaigns/pdfs.py` to run.

    python -I pdf_rewriting.py < in.pdf > out.pdf

It limits its own memory and time before it reads a byte, imports nothing of Fairground and is
given no environment; so whatever a file does to the parser happens here and ends here. Exit 0
has the new file on stdout and its number of pages on stderr; exit 2 has a refusal's code on stderr.

What is written is only what the pages reach: qpdf (through pikepdf) parses the file and writes
all of its structure anew. Streams that draw are copied as they are, after being counted.
"""

import base64
import io
import resource
import sys
import zlib
from collections.abc import Iterator

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
MAX_PAGES = 200
MAX_OBJECTS = 60_000
MAX_DEPTH = 60
MAX_INFLATED = 200 * 1024 * 1024
MAX_PIXELS = 60_000_000
# What runs, opens or carries something when or after the document is opened.
FORBIDDEN = frozenset({
    "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/AA",
    "/RichMedia", "/RichMediaContent", "/XFA", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE",
    "/Rendition", "/Movie", "/Sound", "/3D", "/Collection", "/Encrypt", "/FFilter",
    "/FileAttachment",
})  # fmt: skip
HARMLESS_ACTIONS = frozenset({"/URI", "/GoTo", "/Named"})
SCHEMES = ("http://", "https://", "mailto:")
# LZW and Crypt are in no file that is made today. Pictures are bounded by their pixels, run lengths
# by 64 times their size, and what is deflated is counted.
FILTERS = frozenset({
    "/FlateDecode", "/Fl", "/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF",
    "/JBIG2Decode", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx", "/RunLengthDecode", "/RL",
})  # fmt: skip
FLATE = ("/FlateDecode", "/Fl")


class Refused(Exception):
    """With the code that `campaigns/pdfs.py` has words for."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        data, pages = rewritten(sys.stdin.buffer.read())
    except Refused as refused:
        sys.stderr.write(str(refused))
        return 2
    except MemoryError:
        sys.stderr.write("too_heavy")
        return 2
    except Exception as error:  # a parser's errors are many; each means the same
        print(type(error).__name__, file=sys.stderr, end="")  # noqa: T201
        return 3
    sys.stdout.buffer.write(data)
    sys.stderr.write(str(pages))
    return 0


def rewritten(data: bytes) -> tuple[bytes, int]:
    """The document anew, and how many pages it has.

    :raises Refused: with a code, if it holds what is not taken here.
    """
    import pikepdf  # after the limits, and only where a file is really looked at

    if not data.startswith(b"%PDF-"):
        raise Refused("unreadable")
    try:
        document = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    with document:
        if document.is_encrypted:
            raise Refused("encrypted")
        if len(document.objects) > MAX_OBJECTS:
            raise Refused("too_heavy")
        _check_page_tree(document.Root.get("/Pages"))
        _drop_what_opens(document.Root)
        _check_objects(document)
        # Who wrote it, with what and when is nobody's business.
        for part in ("/Metadata", "/PieceInfo", "/AF", "/Perms", "/SpiderInfo"):
            if part in document.Root:
                del document.Root[part]
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        pages = len(document.pages)
        if not 0 < pages <= MAX_PAGES:
            raise Refused("too_many_pages" if pages else "unreadable")
        # qpdf goes past what is nested too deeply and says so; the rest may not be the document.
        if any("limits error" in str(one) for one in document.get_warnings()):
            raise Refused("too_heavy")
        out = io.BytesIO()
        document.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
        )
        return out.getvalue(), pages


def _check_page_tree(root: object) -> None:
    """Counts by walking: a few nodes that name each other may stand for millions of pages."""
    import pikepdf

    waiting, seen, leaves = [root], set(), 0
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            raise Refused("unreadable")
        kids = node.get("/Kids")
        if kids is None:
            leaves += 1
        else:
            if node.objgen in seen or not isinstance(kids, pikepdf.Array):
                raise Refused("unreadable")
            seen.add(node.objgen)
            if len(kids) > MAX_PAGES:
                raise Refused("too_many_pages")
            waiting.extend(kids)
        if leaves > MAX_PAGES or len(seen) > MAX_PAGES:
            raise Refused("too_many_pages")


def _drop_what_opens(root: object) -> None:
    """Many programs write "show the first page" as an action on opening; only that is let go."""
    import pikepdf

    assert isinstance(root, pikepdf.Dictionary)
    action = root.get("/OpenAction")
    if action is None:
        return
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) not in {"/GoTo", "/Named"}:
        raise Refused("active")
    del root["/OpenAction"]


def _check_objects(document: object) -> None:
    import pikepdf

    assert isinstance(document, pikepdf.Pdf)
    inflated = visited = 0
    for top in document.objects:
        waiting: list[tuple[object, int]] = [(top, 0)]
        while waiting:
            one, depth = waiting.pop()
            visited += 1
            if depth > MAX_DEPTH or visited > 20 * MAX_OBJECTS:
                raise Refused("too_heavy")
            if isinstance(one, pikepdf.Stream) and depth == 0:
                inflated = _count_stream(one, inflated)
            for child in _children(one):
                # What has a number of its own comes up in the outer loop.
                if not getattr(child, "is_indirect", False):
                    waiting.append((child, depth + 1))


def _children(one: object) -> Iterator[object]:
    import pikepdf

    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
    if isinstance(one, pikepdf.Dictionary):
        _check_dictionary(one)
        yield from (value for _, value in one.items())
    elif isinstance(one, pikepdf.Array):
        yield from one


def _check_dictionary(one: object) -> None:
    import pikepdf

    assert isinstance(one, pikepdf.Dictionary)
    if FORBIDDEN.intersection(one.keys()):
        raise Refused("active")
    kind = one.get("/S")
    if isinstance(kind, pikepdf.Name) and str(kind) in FORBIDDEN:
        raise Refused("active")
    subtype = one.get("/Subtype")
    if isinstance(subtype, pikepdf.Name) and str(subtype) in FORBIDDEN:
        raise Refused("active")
    action = one.get("/A")
    if isinstance(action, pikepdf.Dictionary) and "/S" in action:
        if str(action["/S"]) not in HARMLESS_ACTIONS:
            raise Refused("active")
        address = action.get("/URI")
        if address is not None and not str(address).strip().lower().startswith(SCHEMES):
            raise Refused("active")
    width, height = one.get("/Width"), one.get("/Height")
    if isinstance(width, int) and isinstance(height, int) and width * height > MAX_PIXELS:
        raise Refused("too_heavy")


def _count_stream(stream: object, inflated: int) -> int:
    """Bytes inflated so far with those of ``stream``, which are counted and thrown away."""
    import pikepdf

    assert isinstance(stream, pikepdf.Stream)
    named = stream.get("/Filter")
    filters = [str(one) for one in named] if isinstance(named, pikepdf.Array) else []
    if isinstance(named, pikepdf.Name):
        filters = [str(named)]
    if not FILTERS.issuperset(filters) or len(filters) > 2:
        raise Refused("filter")
    if sum(one in FLATE for one in filters) > 1:
        raise Refused("too_heavy")
    data = bytes(stream.get_raw_stream_buffer())
    if len(filters) == 2 and filters[1] in FLATE:
        data = _from_text(data, filters[0])
    elif not filters or filters[0] not in FLATE:
        return inflated + len(data)
    inflator, rest = zlib.decompressobj(), data
    try:
        while rest and not inflator.eof:
            inflated += len(inflator.decompress(rest, 1 << 20))
            rest = inflator.unconsumed_tail
            if inflated > MAX_INFLATED:
                raise Refused("too_heavy")
    except zlib.error as error:
        raise Refused("unreadable") from error
    return inflated


def _from_text(data: bytes, form: str) -> bytes:
    """The bytes behind one of the two ways to write them as text; at most four times as many."""
    try:
        if form in ("/ASCII85Decode", "/A85"):
            return base64.a85decode(data.strip().removeprefix(b"<~").removesuffix(b"~>"))
        if form in ("/ASCIIHexDecode", "/AHx"):
            return bytes.fromhex(data.partition(b">")[0].decode("ascii"))
    except ValueError as error:
        raise Refused("unreadable") from error
    raise Refused("filter")


if __name__ == "__main__":
    sys.exit(main())
