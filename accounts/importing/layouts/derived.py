"""Facts that follow from the text of other cells."""

import hashlib
import re

from accounts.importing.layout import Draft, Problem

LINK = re.compile(r"<link>|https?://|\bwww\.", re.IGNORECASE)
HASHTAG = re.compile(r"#(\w+)")
MAX_HASHTAG = 150


def note_link_in_bio(draft: Draft) -> list[Problem]:
    """A link in the bio is a link; without one the profile may still have it elsewhere."""
    account = draft.parts["account"]
    if "has_link" not in account and LINK.search(account.get("bio", "")):
        account["has_link"] = True
    return []


def hashtags_of(caption: str) -> list[str]:
    """The hashtags in a caption, in order, each once; over-long ones are no hashtags."""
    found = dict.fromkeys(HASHTAG.findall(caption))
    return [tag for tag in found if len(tag) <= MAX_HASHTAG]


def note_hashtags_of_caption(draft: Draft) -> list[Problem]:
    post = draft.parts["post"]
    if "hashtags" not in post and (found := hashtags_of(post.get("caption", ""))):
        post["hashtags"] = found
    return []


def content_id(*parts: str) -> str:
    """A stable identifier for something that has none: the hash of what it says."""
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
