"""Addresses in a text, and whether their host is what it seems."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.warning_rules.words import in_one_script, mixes_scripts

# Their own domains; the name anywhere else in a host is dressed up as them.
KNOWN = {
    "fairground": (),
    "paypal": ("paypal.com", "paypal.me"),
    "instagram": ("instagram.com",),
    "tiktok": ("tiktok.com",),
    "youtube": ("youtube.com",),
    "facebook": ("facebook.com",),
    "whatsapp": ("whatsapp.com",),
    "google": ("google.com", "google.de", "google.fr", "google.es", "google.it", "google.co.uk"),
    "revolut": ("revolut.com", "revolut.me"),
}
TRUSTED = (
    *(domain for domains in KNOWN.values() for domain in domains),
    "youtu.be", "wise.com", "pinterest.com", "twitch.tv", "linkedin.com",
)  # fmt: skip
SHORTENERS = frozenset(
    "bit.ly tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy t.ly s.id "
    "tiny.cc bl.ink t.co lnkd.in v.gd urlz.fr".split()
)
_PROGRAMS = (".exe", ".scr", ".apk", ".bat", ".cmd", ".msi", ".dmg", ".iso", ".js", ".vbs", ".lnk")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'()\[\]{}]{1,500}"
    r"|(?<![\w@.])(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}/[^\s<>\"'()\[\]{}]{1,300}",
    re.IGNORECASE,
)
_LEET = str.maketrans("01358", "olesb")


@dataclass(frozen=True)
class Link:
    """``shown`` as written; ``host`` without user, port and final dot, in small letters."""

    shown: str
    host: str
    path: str
    has_user: bool

    @property
    def is_trusted(self) -> bool:
        return not self.has_user and is_below(self.host, TRUSTED)


def links(text: str) -> Iterator[Link]:
    for found in _ADDRESS.finditer(text):
        yield link_of(found[0].rstrip(".,;:!?…"))


def link_of(address: str) -> Link:
    rest = re.sub(r"^https?://", "", address, flags=re.IGNORECASE)
    place, *further = re.split(r"[/?#]", rest, maxsplit=1)
    _, at, host = place.rpartition("@")
    host = re.sub(r":\d{1,5}$", "", host).rstrip(".").lower()
    return Link(address, host, "".join(further), bool(at))


def is_below(host: str, domains: tuple[str, ...] | frozenset[str]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def what_is_wrong(link: Link) -> str:
    """Why the address may not lead where it seems to, as words after "it"; "" if nothing is."""
    if link.has_user:
        return "names one site before the “@” and leads to another"
    if _is_number(link.host):
        return "is a bare number instead of a name"
    if is_below(link.host, SHORTENERS):
        return "is shortened, so that nobody sees where it leads"
    if copied := imitated(link.host):
        return f"looks like {copied} and is not"
    if link.path.lower().split("?")[0].endswith(_PROGRAMS):
        return "is a program, not a document"
    return ""


def imitated(host: str) -> str:
    """The known name that a host of somebody else's wears; "" if none."""
    if is_below(host, TRUSTED):
        return ""
    shown = _decoded(host)
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", in_one_script(shown))
        if not unicodedata.combining(sign)
    )
    for name in KNOWN:
        if any(name in form for form in (plain, plain.translate(_LEET))):
            # Fairground itself has no fixed address; only finery around its name is odd.
            if name == "fairground" and plain.split(".")[0] == name and plain.count(".") <= 1:
                continue
            return name.capitalize()
    return "another site" if any(mixes_scripts(label) for label in shown.split(".")) else ""


def _decoded(host: str) -> str:
    """With punycode turned into the letters that a browser may show."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label[:4] == "xn--" else label)
        except (UnicodeError, ValueError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.isdigit()
    return True
