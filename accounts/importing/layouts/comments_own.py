"""Comments under an account's posts: one row a comment, the author hashed while it is read."""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.layouts.creators_own import tidy_handle
from accounts.importing.layouts.derived import content_id
from accounts.importing.pseudonyms import pseudonym


def _identify(draft: Draft) -> list[Problem]:
    """A comment without an id is known again by what it says, by whom and where."""
    comment = draft.parts["comment"]
    comment.setdefault("author", "")
    if "external_id" not in comment:
        where = comment.get("post_id", "")
        written = comment["written_at"].isoformat() if "written_at" in comment else ""
        comment["external_id"] = content_id(where, comment["author"], written, comment["text"])
    return tidy_handle(draft)


LAYOUT = Layout(
    name="comments_own",
    title="comments under posts",
    kind=Kind.COMMENTS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("text", "comment.text", cells.text(limit=5_000), needed=True, filled=True),
        Column("comment_id", "comment.external_id", cells.text(limit=100)),
        Column("post_id", "comment.post_id", cells.text(limit=100)),
        Column("author", "comment.author", pseudonym),
        Column("written_at", "comment.written_at", cells.moment),
    ),
    finish=_identify,
)
