"""``channels_weekly.csv.gz``: what YouTube channels gained each week.

How many followers a channel had before the first week is not known, so no follower
count is made up: the gains stay what they are, ``new_followers_7d`` and
``new_views_7d`` in the metric's ``extra``. Channels lose followers too, so both may
be negative.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout

LAYOUT = Layout(
    name="metrics_channels",
    title="weekly new followers and views of YouTube channels",
    kind=Kind.METRICS,
    platform="youtube",
    masked=True,
    columns=(
        Column("channel_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("category", "account.declared_niches", cells.items(limit=60)),
        Column("week", "day", cells.day, needed=True, filled=True),
        Column("new_followers", "extra.new_followers_7d", cells.change, needed=True),
        Column("new_views", "extra.new_views_7d", cells.change, needed=True),
    ),
)
