"""Which account and post a published address belongs to. Pure text, no requests."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from accounts.models import Platform

LONGEST_ID: Final = 100
HOSTS: Final = {
    "instagram.com": Platform.INSTAGRAM,
    "tiktok.com": Platform.TIKTOK,
    "youtube.com": Platform.YOUTUBE,
    "youtu.be": Platform.YOUTUBE,
    "twitter.com": Platform.TWITTER,
    "x.com": Platform.TWITTER,
    "douyin.com": Platform.DOUYIN,
}
# How each platform writes its posts: an optional handle, then the post's own id.
_PATHS: Final = {
    Platform.INSTAGRAM: (r"(?:/(?P<handle>[\w.]+))?/(?:p|reel|reels|tv)/(?P<id>[\w-]+)",),
    Platform.TIKTOK: (r"/@(?P<handle>[\w.-]+)/(?:video|photo)/(?P<id>\d+)",),
    Platform.YOUTUBE: (r"/(?:shorts|live|embed)/(?P<id>[\w-]+)",),
    Platform.TWITTER: (r"/(?P<handle>\w+)/status/(?P<id>\d+)",),
    Platform.DOUYIN: (r"/(?:video|note)/(?P<id>\d+)",),
}
_NOT_HANDLES: Final = {"i", "web", "share"}


@dataclass(frozen=True)
class Address:
    """``platform`` is empty for a site we do not know, ``handle`` where the address names none.

    ``external_id`` is the platform's id of the post, else a hash of the address.
    """

    platform: str
    handle: str
    external_id: str


def read_address(url: str) -> Address:
    """Never raises: what cannot be read belongs to no platform."""
    unknown = "url-" + hashlib.sha256(url.encode(errors="replace")).hexdigest()[:48]
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return Address("", "", unknown)
    platform = next(
        (own for name, own in HOSTS.items() if host == name or host.endswith(f".{name}")), None
    )
    if platform is None:
        return Address("", "", unknown)
    if platform is Platform.YOUTUBE:
        watched = parse_qs(parts.query).get("v", [""])[0]
        short = parts.path.strip("/") if host.endswith("youtu.be") else ""
        if re.fullmatch(r"[\w-]{1,40}", watched or short, re.ASCII):
            return Address(platform, "", watched or short)
    for pattern in _PATHS[platform]:
        if found := re.match(pattern, parts.path, re.ASCII):
            named = found.groupdict().get("handle") or ""
            handle = "" if named in _NOT_HANDLES else named
            return Address(platform, handle, found["id"][:LONGEST_ID])
    return Address(platform, "", unknown)
