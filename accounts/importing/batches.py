"""Write parsed rows a batch at a time, in a constant number of queries each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from accounts.importing.appends import Added, add_account_metrics, add_post_metrics
from accounts.importing.comments import add_comments
from accounts.importing.followers import add_followers
from accounts.importing.layout import Kind, Layout
from accounts.importing.layouts.metrics_videos import UNATTRIBUTED
from accounts.importing.report import Tally
from accounts.importing.rows import ParsedRow, PostFact
from accounts.importing.upserts import (
    AccountKey,
    PostKey,
    Written,
    handles_of_videos,
    upsert_accounts,
    upsert_posts,
)

# Rows. Larger batches were no faster and hold more in memory.
BATCH_SIZE = 1000


class BatchWriter:
    """Writes rows of one layout inside the caller's transaction, counting what it did.

    At most 15 queries a batch, whatever it holds.
    """

    def __init__(self, layout: Layout, *, as_of: date | None, now: datetime) -> None:
        self.layout = layout
        self.now = now
        self.as_of_given = as_of is not None
        self.as_of = datetime.combine(as_of, time(), tzinfo=UTC) if as_of is not None else now
        self.tally = Tally()

    def write(self, rows: Sequence[tuple[ParsedRow, bool]]) -> None:
        """Write rows, each with whether its account counts are to be kept."""
        if not self.layout.has_handle:
            self._find_owners([row for row, _ in rows])
        wanted: dict[AccountKey, dict[str, Any]] = {}
        for row, _ in rows:
            wanted.setdefault(_account_key(row), {}).update(row.facts)
        accounts = upsert_accounts(wanted, now=self.now)
        owners = [accounts[_account_key(row)] for row, _ in rows]

        posts_wanted: dict[PostKey, dict[str, Any]] = {}
        for (row, _), account in zip(rows, owners, strict=True):
            if row.post is not None:
                posts_wanted.setdefault((account.pk, row.post.external_id), {}).update(
                    row.post.facts
                )
        posts = upsert_posts(posts_wanted, now=self.now)

        metrics = add_account_metrics(
            [
                (account.pk, row.metrics if keep_metrics else [])
                for (row, keep_metrics), account in zip(rows, owners, strict=True)
            ],
            as_of=self.as_of.date(),
            as_of_given=self.as_of_given,
            old_accounts={account.pk for account in owners if not account.created},
            now=self.now,
        )
        counted: list[tuple[int, PostFact]] = []
        places: list[int] = []
        for place, ((row, _), account) in enumerate(zip(rows, owners, strict=True)):
            if row.post is not None:
                counted.append((posts[account.pk, row.post.external_id].pk, row.post))
                places.append(place)
        post_metrics = [Added() for _ in rows]
        answers = add_post_metrics(
            counted,
            as_of=self.as_of,
            as_of_given=self.as_of_given,
            old_posts={post.pk for post in posts.values() if not post.created},
            now=self.now,
        )
        for place, answer in zip(places, answers, strict=True):
            post_metrics[place] = answer

        followers = add_followers(
            [(account.pk, row.follower) for (row, _), account in zip(rows, owners, strict=True)],
            as_of=self.as_of.date(),
            now=self.now,
        )
        comments = add_comments(
            [(account.pk, row.comment) for (row, _), account in zip(rows, owners, strict=True)],
            now=self.now,
        )

        self._count_rows(rows, owners, posts, [metrics, post_metrics, followers, comments])
        tally = self.tally
        tally.followers_added += sum(added.total for added in followers)
        tally.comments_added += sum(added.total for added in comments)
        tally.accounts_created += sum(account.created for account in accounts.values())
        tally.accounts_updated += sum(account.updated for account in accounts.values())
        tally.posts_created += sum(post.created for post in posts.values())
        tally.posts_updated += sum(post.updated for post in posts.values())
        tally.metrics_added += sum(added.total for added in metrics)
        tally.post_metrics_added += sum(added.total for added in post_metrics)

    def _count_rows(
        self,
        rows: Sequence[tuple[ParsedRow, bool]],
        owners: Sequence[Written],
        posts: Mapping[PostKey, Written],
        additions: Sequence[Sequence[Added]],
    ) -> None:
        """Call each row created, updated or unchanged, and note whose facts changed."""
        changed = set()
        for (row, _), account, *added in zip(rows, owners, *additions, strict=True):
            post = posts[account.pk, row.post.external_id] if row.post is not None else None
            created = {
                Kind.CREATORS: account.created,
                Kind.POSTS: post is not None and post.created,
            }.get(self.layout.kind, sum(one.new for one in added) > 0)
            touched = account.created or account.updated
            touched |= post is not None and (post.created or post.updated)
            touched |= sum(one.total for one in added) > 0
            self.tally.created += created
            self.tally.updated += touched and not created
            self.tally.unchanged += not touched
            if touched:
                changed.add(account.pk)
        self.tally.changed_accounts.extend(sorted(changed))

    def pass_over(self) -> None:
        """Count a row that repeats another."""
        self.tally.unchanged += 1

    def _find_owners(self, rows: Sequence[ParsedRow]) -> None:
        # A layout without handles has one platform: its own, or the one that was asked for.
        platform = rows[0].platform if rows else ""
        ids = [row.post.external_id for row in rows if row.post is not None]
        handles = handles_of_videos(ids, platform=platform)
        for row in rows:
            if row.post is not None:
                row.handle = handles.get(row.post.external_id, UNATTRIBUTED)


def _account_key(row: ParsedRow) -> AccountKey:
    return row.platform, row.handle or UNATTRIBUTED
