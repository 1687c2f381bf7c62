"""The statements that compute a month over the whole catalogue, each for all niches at once.

Parameters: ``simulated``; the days ``far`` (first of two months before), ``prior`` (first of the
month before), ``month`` (its first) and ``until`` (the last day read); ``as_of``, after which
nothing recorded is read; ``fewest`` creators; ``ranks`` (`estimates.interval_ranks`); ``brands``.
"""

from typing import Final

from scoring.niche_reports.estimates import EXACT_RANKS

# Follower counts below which one person more is a growth of over a per cent.
SMALLEST_PAIRED: Final = 100
SHORTEST_PAIR_DAYS: Final = 14
SHORTEST_POSTING_DAYS: Final = 7
TIERS: Final = {
    "nano": (0, 10_000),
    "micro": (10_000, 100_000),
    "mid": (100_000, 500_000),
    "macro": (500_000, 1_000_000),
    "mega": (1_000_000, None),
}
PRICE_DAYS: Final = 365
FEWEST_TAG_USERS: Final = 5
TAGS_KEPT: Final = 10
LONGEST_NICHE: Final = 60


def _newest(column: str, since: str, before: str) -> str:
    """{day, moment, value} of the newest known value in a span, as one array.

    A maximum of arrays needs no sorting, unlike an ordered ``array_agg``.
    """
    return (
        f"max(ARRAY[day - DATE '2000-01-01', extract(epoch FROM recorded_at), {column}]::float8[]) "
        f"FILTER (WHERE {column} IS NOT NULL AND day >= {since} AND day < {before})"
    )


def _earliest(column: str, since: str, before: str) -> str:
    """The same of the earliest; of several rows for that day the one recorded last."""
    return (
        f"min(ARRAY[day - DATE '2000-01-01', -extract(epoch FROM recorded_at), {column}]::float8[])"
        f" FILTER (WHERE {column} IS NOT NULL AND day >= {since} AND day < {before})"
    )


def _growth(first: str, last: str) -> str:
    """Growth per 30 days between two counts of one account; null where they cannot be compared."""
    return (
        f"CASE WHEN {first}[3] >= {SMALLEST_PAIRED} AND {last}[1] - {first}[1] >= "
        f"{SHORTEST_PAIR_DAYS} "
        f"THEN power({last}[3] / {first}[3], 30 / ({last}[1] - {first}[1])) - 1 END"
    )


def _sorted(column: str) -> str:
    return f"array_agg({column} ORDER BY {column}) FILTER (WHERE {column} IS NOT NULL) AS {column}s"


def _signs(column: str) -> str:
    return (
        f"count(*) FILTER (WHERE {column} > 0) AS {column}_up, "
        f"count(*) FILTER (WHERE {column} < 0) AS {column}_down"
    )


def _at(values: str, share: float) -> str:
    """The quantile by linear interpolation, as ``percentile_cont`` has it."""
    place = f"(1 + {share} * (cardinality({values}) - 1))"
    return (
        f"({values}[floor({place})::int] + ({place} - floor({place})) * "
        f"({values}[ceil({place})::int] - {values}[floor({place})::int]))"
    )


def _estimate(values: str) -> str:
    """[n, median, low, high] of a sorted array; null where there are too few for an interval."""
    n = f"cardinality({values})"
    rank = (
        f"CASE WHEN {n} <= {EXACT_RANKS} THEN (%(ranks)s::int[])[{n}] "
        f"ELSE floor(({n} - 1.959964 * sqrt({n})) / 2)::int END"
    )
    return (
        f"CASE WHEN {n} >= %(fewest)s THEN json_build_array({n}, {_at(values, 0.5)}, "
        f"{values}[{rank}], {values}[{n} + 1 - ({rank})]) END"
    )


_TIERS: Final = ", ".join(
    f"count(*) FILTER (WHERE followers >= {low}"
    + (f" AND followers < {high}" if high else "")
    + f") AS {name}"
    for name, (low, high) in TIERS.items()
)

# Everybody who is shown, with what is known of them in the month. ``niches`` are those of the
# catalogue now: were they those of each month, a better classifier would look like a trend.
_FACTS: Final = f"""
WITH readings AS MATERIALIZED (
    SELECT account_id,
           {_newest("followers", "%(far)s", "%(prior)s")} AS far_last,
           {_earliest("followers", "%(prior)s", "%(month)s")} AS prior_first,
           {_newest("followers", "%(prior)s", "%(month)s")} AS prior_last,
           {_earliest("followers", "%(month)s", "%(end)s")} AS month_first,
           {_newest("followers", "%(month)s", "%(end)s")} AS month_last,
           {_newest("posts", "%(prior)s", "%(month)s")} AS posts_prior,
           {_earliest("posts", "%(month)s", "%(end)s")} AS posts_first,
           {_newest("posts", "%(month)s", "%(end)s")} AS posts_last,
           ({_newest("engagement_rate", "%(prior)s", "%(month)s")})[3] AS rate_prior,
           ({_newest("engagement_rate", "%(month)s", "%(end)s")})[3] AS rate
    FROM accounts_accountmetric
    WHERE day >= %(far)s AND day < %(end)s AND recorded_at <= %(as_of)s
    GROUP BY account_id
), posting AS MATERIALIZED (
    SELECT DISTINCT account_id FROM accounts_post
    WHERE published_at >= %(month)s AND published_at < %(end)s AND created_at <= %(as_of)s
), facts AS MATERIALIZED (
    SELECT entry.account_id, entry.creator_id, entry.platform, entry.niches,
           account.created_at >= %(month)s AND far_last IS NULL AND prior_last IS NULL AS is_new,
           (coalesce(month_last, prior_last, far_last))[3]::float8 AS followers,
           {_growth("(coalesce(prior_last, month_first))", "month_last")} AS growth,
           {_growth("(coalesce(far_last, prior_first))", "prior_last")} AS growth_before,
           rate, rate / nullif(rate_prior, 0) - 1 AS rate_change,
           CASE WHEN posts_last[1] - (coalesce(posts_prior, posts_first))[1]
                     >= {SHORTEST_POSTING_DAYS}
                 AND posts_last[3] >= (coalesce(posts_prior, posts_first))[3]
                THEN 7 * (posts_last[3] - (coalesce(posts_prior, posts_first))[3])
                     / (posts_last[1] - (coalesce(posts_prior, posts_first))[1]) END AS pace,
           posting.account_id IS NOT NULL AS has_posted
    FROM scoring_searchentry entry
    JOIN accounts_socialaccount account ON account.id = entry.account_id
    JOIN accounts_creator creator ON creator.id = entry.creator_id
    LEFT JOIN readings ON readings.account_id = entry.account_id
    LEFT JOIN posting ON posting.account_id = entry.account_id
    WHERE creator.is_simulated = %(simulated)s AND creator.status IN ('active', 'flagged')
      AND cardinality(entry.niches) > 0
      AND (account.created_at < %(end)s OR readings.account_id IS NOT NULL)
)
"""  # noqa: S608 (nothing but column names and constants is put in)

# A creator counts once for all platforms, and once for each of their own. One row, without a
# niche, comes where no niche has enough creators.
NICHES: Final = f"""{_FACTS}, members AS (
    SELECT niche, scope, facts.*, growth - growth_before AS growth_change
    FROM facts
    CROSS JOIN LATERAL unnest(niches) AS niche
    CROSS JOIN LATERAL (VALUES (''), (platform)) AS scopes(scope)
    WHERE length(niche) BETWEEN 1 AND {LONGEST_NICHE}
), grouped AS (
    SELECT niche, scope, count(DISTINCT creator_id) AS creators, count(*) AS accounts,
           count(DISTINCT creator_id) FILTER (WHERE is_new) AS entrants,
           count(DISTINCT creator_id) FILTER (WHERE has_posted OR pace > 0) AS active,
           count(*) FILTER (WHERE has_posted OR pace IS NOT NULL) AS watched,
           {_TIERS},
           {_sorted("followers")}, {_sorted("growth")}, {_sorted("growth_change")},
           {_sorted("rate")}, {_sorted("rate_change")}, {_sorted("pace")},
           {_signs("growth")}, {_signs("growth_change")}, {_signs("rate_change")}
    FROM members GROUP BY niche, scope
), totals AS (
    SELECT (SELECT count(*) FROM facts) AS known_accounts,
           (SELECT count(DISTINCT niche) FROM grouped) AS known_niches
)
SELECT known_accounts, known_niches, niche, scope AS platform, creators, accounts, entrants,
       CASE WHEN watched > 0 THEN active END AS active,
       coalesce(cardinality(followerss), 0) AS sized, sizes.total::bigint AS followers,
       {", ".join(TIERS)},
       CASE WHEN cardinality(followerss) >= %(fewest)s THEN sizes.herfindahl END AS herfindahl,
       CASE WHEN cardinality(followerss) >= %(fewest)s THEN sizes.top_share END AS top_share,
       {_estimate("growths")} AS growth, growth_up, growth_down,
       {_estimate("growth_changes")} AS growth_change, growth_change_up, growth_change_down,
       {_estimate("rates")} AS engagement,
       CASE WHEN cardinality(rates) >= %(fewest)s
            THEN json_build_array({_at("rates", 0.25)}, {_at("rates", 0.75)}) END AS quartiles,
       {_estimate("rate_changes")} AS engagement_change, rate_change_up, rate_change_down,
       {_estimate("paces")} AS posts_per_week
FROM totals
LEFT JOIN grouped ON creators >= %(fewest)s
LEFT JOIN LATERAL (
    SELECT sum(size) AS total,
           sum(size * size) / nullif(sum(size) ^ 2, 0) AS herfindahl,
           sum(size) FILTER (WHERE place > cardinality(followerss)
                                         - ceil(cardinality(followerss) / 10.0))
               / nullif(sum(size), 0) AS top_share
    FROM unnest(followerss) WITH ORDINALITY AS each(size, place)
) sizes ON true
ORDER BY niche, platform
"""  # noqa: S608

# A price that was taken back is null from then on. Prices suggested by a model that learned from
# simulated prices are prices of no market, so they count for simulated creators alone.
PRICES: Final = f"""
WITH suggested AS (
    SELECT DISTINCT ON (account_id) account_id, currency, details FROM scoring_score
    WHERE task = 'price' AND as_of >= %(far)s AND as_of < %(end)s AND created_at <= %(as_of)s
    ORDER BY account_id, created_at DESC, id DESC
), stated AS (
    SELECT account_id, deliverable, currency, kind,
           (max(ARRAY[priced_on - DATE '2000-01-01', id, price_minor]::float8[]))[3] AS price,
           (max(ARRAY[priced_on - DATE '2000-01-01', id, price_minor]::float8[])
               FILTER (WHERE priced_on < %(month)s))[3] AS before
    FROM scoring_marketprice
    WHERE account_id IS NOT NULL AND is_simulated = %(simulated)s AND recorded_at <= %(as_of)s
      AND priced_on >= %(month)s::date - {PRICE_DAYS} AND priced_on < %(end)s
    GROUP BY account_id, deliverable, currency, kind
), quotes AS (
    SELECT account_id, each.key AS deliverable, currency, 'suggested' AS basis,
           (each.value ->> 'suggested')::float8 AS price, NULL::float8 AS change
    FROM suggested CROSS JOIN LATERAL jsonb_each(details -> 'by_deliverable') AS each
    WHERE jsonb_typeof(details -> 'by_deliverable') = 'object' AND currency <> ''
      AND (%(simulated)s OR coalesce((details ->> 'simulated')::boolean, false) IS FALSE)
    UNION ALL
    SELECT account_id, deliverable, currency, kind, price, price / nullif(before, 0) - 1
    FROM stated WHERE price IS NOT NULL
), grouped AS (
    SELECT niche, scope, deliverable, currency, basis,
           count(DISTINCT entry.creator_id) AS creators,
           {_sorted("price")}, {_sorted("change")}, {_signs("change")}
    FROM quotes
    JOIN scoring_searchentry entry ON entry.account_id = quotes.account_id
    JOIN accounts_creator creator ON creator.id = entry.creator_id
    CROSS JOIN LATERAL unnest(entry.niches) AS niche
    CROSS JOIN LATERAL (VALUES (''), (entry.platform)) AS scopes(scope)
    WHERE creator.is_simulated = %(simulated)s AND creator.status IN ('active', 'flagged')
      AND price IS NOT NULL
    GROUP BY niche, scope, deliverable, currency, basis
)
SELECT niche, scope AS platform, deliverable, currency, basis, creators,
       {_estimate("prices")} AS price,
       {_estimate("changes")} AS change, change_up, change_down
FROM grouped WHERE creators >= %(fewest)s AND cardinality(prices) >= %(fewest)s
ORDER BY niche, platform, creators DESC, basis, currency, deliverable
"""  # noqa: S608

# Who is behind campaigns is told of several brands together or not at all.
DEMAND: Final = """
WITH asked AS (
    SELECT DISTINCT ON (brief.campaign_id) brief.campaign_id, campaign.brand_id, brief.platform,
           brief.niches
    FROM campaigns_brief brief
    JOIN campaigns_campaign campaign ON campaign.id = brief.campaign_id
    JOIN accounts_brand brand ON brand.id = campaign.brand_id
    WHERE campaign.created_at >= %(month)s AND campaign.created_at < %(end)s
      AND campaign.status NOT IN ('draft', 'in_moderation', 'cancelled')
      AND (campaign.is_simulated OR brand.is_simulated) = %(simulated)s
      AND brief.created_at <= %(as_of)s
    ORDER BY brief.campaign_id, brief.version DESC
), agreed AS (
    SELECT DISTINCT collaboration.id, collaboration.creator_id, collaboration.account_id,
           collaboration.brand_id
    FROM campaigns_collaborationevent event
    JOIN campaigns_collaboration collaboration ON collaboration.id = event.collaboration_id
    JOIN campaigns_campaign campaign ON campaign.id = collaboration.campaign_id
    JOIN accounts_brand brand ON brand.id = collaboration.brand_id
    JOIN accounts_creator creator ON creator.id = collaboration.creator_id
    WHERE event.to_state = 'agreed' AND event.from_state <> 'agreed'
      AND event.at >= %(month)s AND event.at < %(end)s AND event.at <= %(as_of)s
      AND (campaign.is_simulated OR brand.is_simulated OR creator.is_simulated) = %(simulated)s
), wanted AS (
    SELECT trim(BOTH '-' FROM regexp_replace(lower(name), '[\\W_]+', '-', 'g')) AS niche,
           platform, campaign_id, brand_id
    FROM asked CROSS JOIN LATERAL unnest(niches) AS name
), campaigns AS (
    SELECT niche, scope, count(DISTINCT campaign_id) AS campaigns
    FROM wanted
    CROSS JOIN LATERAL (
        SELECT '' AS scope UNION SELECT unnest(CASE platform WHEN '' THEN %(platforms)s::text[]
                                                             ELSE ARRAY[platform] END)
    ) scopes
    GROUP BY niche, scope HAVING count(DISTINCT brand_id) >= %(brands)s
), hires AS (
    SELECT niche, scope, count(DISTINCT agreed.id) AS hires
    FROM agreed
    JOIN scoring_searchentry entry ON entry.creator_id = agreed.creator_id
         AND (agreed.account_id IS NULL OR entry.account_id = agreed.account_id)
    CROSS JOIN LATERAL unnest(entry.niches) AS niche
    CROSS JOIN LATERAL (VALUES (''), (entry.platform)) AS scopes(scope)
    GROUP BY niche, scope HAVING count(DISTINCT brand_id) >= %(brands)s
)
SELECT niche, scope AS platform, campaigns, hires
FROM campaigns FULL JOIN hires USING (niche, scope)
"""

# Most tags are one account's own: they are left out before niches are looked at.
HASHTAGS: Final = f"""
WITH used AS MATERIALIZED (
    SELECT account_id, ltrim(lower(tag), '#') AS tag
    FROM accounts_post CROSS JOIN LATERAL unnest(hashtags) AS tag
    WHERE published_at >= %(month)s AND published_at < %(end)s AND created_at <= %(as_of)s
    UNION
    SELECT id, ltrim(lower(tag), '#')
    FROM accounts_socialaccount CROSS JOIN LATERAL unnest(hashtags) AS tag
    WHERE created_at < %(end)s
), common AS (
    SELECT tag FROM used WHERE tag <> '' GROUP BY tag HAVING count(*) >= {FEWEST_TAG_USERS}
), counted AS (
    SELECT niche, tag, count(DISTINCT entry.creator_id) AS creators
    FROM used
    JOIN common USING (tag)
    JOIN scoring_searchentry entry USING (account_id)
    JOIN accounts_creator creator ON creator.id = entry.creator_id
    CROSS JOIN LATERAL unnest(entry.niches) AS niche
    WHERE creator.is_simulated = %(simulated)s AND creator.status IN ('active', 'flagged')
    GROUP BY niche, tag HAVING count(DISTINCT entry.creator_id) >= {FEWEST_TAG_USERS}
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY niche ORDER BY creators DESC, tag) AS place
    FROM counted
)
SELECT niche, tag, creators FROM ranked WHERE place <= {TAGS_KEPT} ORDER BY niche, place
"""  # noqa: S608
