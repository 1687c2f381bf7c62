"""Comments: added once each, never changed."""

from collections.abc import Sequence
from datetime import datetime

from accounts.importing.appends import Added
from accounts.importing.inserting import insert_rows
from accounts.importing.rows import CommentFact
from accounts.models import Comment, Post, Provenance


def add_comments(facts: Sequence[tuple[int, CommentFact | None]], *, now: datetime) -> list[Added]:
    """Add the comments that are not known yet; one answer for each item of ``facts``.

    A comment whose post is not in the catalogue is kept with its account alone.
    At most 3 queries, none when no item has a comment.
    """
    answers = [Added() for _ in facts]
    wanted = [
        (place, account, fact) for place, (account, fact) in enumerate(facts) if fact is not None
    ]
    if not wanted:
        return answers
    accounts = {account for _, account, _ in wanted}
    known = set(
        Comment.objects.filter(
            account_id__in=accounts, external_id__in={fact.external_id for _, _, fact in wanted}
        ).values_list("account_id", "external_id")
    )
    posts = {
        (account, external): pk
        for pk, account, external in Post.objects.filter(
            account_id__in=accounts, external_id__in={fact.post_id for _, _, fact in wanted}
        ).values_list("pk", "account_id", "external_id")
    }
    rows = []
    for place, account, fact in wanted:
        if (account, fact.external_id) in known:
            continue
        known.add((account, fact.external_id))
        post = posts.get((account, fact.post_id or ""))
        said = fact.external_id, fact.author, fact.text, fact.written_at
        rows.append((account, post, *said, Provenance.IMPORTED.value, now))
        answers[place].new += 1
    insert_rows(
        Comment,
        ["account", "post", "external_id", "author", "text", "written_at", "provenance",
         "recorded_at"],
        rows,
    )  # fmt: skip
    return answers
