"""Keep the search rows in step with the facts they are derived from."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from scoring.account_languages import read_languages
from scoring.features.newest import newest_known
from scoring.ml.match.limits import country_key

COUNTRIES = """
SELECT DISTINCT country FROM accounts_socialaccount
WHERE country <> '' AND (%(all)s OR id = ANY(%(ids)s))
"""

# One statement for the whole catalogue: 27,000 accounts in about a second, where a
# loop over model instances takes a minute. The sample key is a hash of the id, so
# that the same accounts are sampled whenever the same filter is asked.
SYNC = f"""
INSERT INTO scoring_searchentry AS entry (
    account_id, creator_id, platform, country, country_key, language, language_basis,
    followers, engagement_rate, is_verified, is_visible, audience_countries, niches, risk_level,
    price_currency, sample_key, updated_at
)
SELECT account.id, account.creator_id, account.platform, account.country,
       coalesce(named.key, ''), '', '',
       metric.followers, metric.engagement_rate, account.is_verified,
       creator.status IN ('active', 'flagged'), coalesce(audience.countries, '{{}}'::jsonb),
       '{{}}', '', '',
       ('x' || substr(md5(account.id::text), 1, 8))::bit(32)::bigint / 4294967296.0, now()
FROM accounts_socialaccount account
JOIN accounts_creator creator ON creator.id = account.creator_id
LEFT JOIN unnest(%(countries)s::text[], %(keys)s::text[]) AS named(country, key)
       ON named.country = account.country
LEFT JOIN LATERAL (
    SELECT {newest_known("followers")}, {newest_known("engagement_rate")}
    FROM accounts_accountmetric WHERE account_id = account.id
) metric ON true
LEFT JOIN LATERAL (
    SELECT countries FROM accounts_audiencesnapshot
    WHERE account_id = account.id ORDER BY day DESC, recorded_at DESC LIMIT 1
) audience ON true
WHERE %(all)s OR account.id = ANY(%(ids)s)
ORDER BY account.id
ON CONFLICT (account_id) DO UPDATE SET
    creator_id = excluded.creator_id, platform = excluded.platform, country = excluded.country,
    country_key = excluded.country_key, followers = excluded.followers,
    engagement_rate = excluded.engagement_rate, is_verified = excluded.is_verified,
    is_visible = excluded.is_visible, audience_countries = excluded.audience_countries,
    updated_at = now()
WHERE (entry.creator_id, entry.platform, entry.country, entry.country_key, entry.followers,
       entry.engagement_rate, entry.is_verified, entry.is_visible, entry.audience_countries)
      IS DISTINCT FROM
      (excluded.creator_id, excluded.platform, excluded.country, excluded.country_key,
       excluded.followers, excluded.engagement_rate, excluded.is_verified, excluded.is_visible,
       excluded.audience_countries)
"""  # noqa: S608 (nothing but column names is put in)

# Engagement falls with size on every platform, so an account is compared with its peers:
# same platform, follower count of the same order of magnitude (half decades).
RANK_ENGAGEMENT = """
UPDATE scoring_searchentry entry SET engagement_percentile = ranked.percentile
FROM (
    SELECT id, percent_rank() OVER (
        PARTITION BY platform, floor(2 * log(greatest(followers, 1)))
        ORDER BY engagement_rate
    ) AS percentile
    FROM scoring_searchentry
    WHERE engagement_rate IS NOT NULL AND followers IS NOT NULL
) ranked
WHERE entry.id = ranked.id AND entry.engagement_percentile IS DISTINCT FROM ranked.percentile
"""


def sync_entries(*, account_ids: Sequence[int] | None = None) -> int:
    """Write what changed in the facts into the search rows; all accounts when none is named.

    Languages are read again only of accounts whose texts changed.

    :returns: rows inserted or changed, those apart where only the language changed. Three
        statements, and one per thousand changed texts.
    """
    scope: dict[str, Any] = {"all": account_ids is None, "ids": list(account_ids or [])}
    with connection.cursor() as cursor:
        cursor.execute(COUNTRIES, scope)
        countries = [country for (country,) in cursor.fetchall()]
        keys = [country_key(country) for country in countries]
        cursor.execute(SYNC, {**scope, "countries": countries, "keys": keys})
        changed = cursor.rowcount
    read_languages(account_ids=account_ids)
    return changed


def rank_engagement() -> int:
    """Recompute every account's engagement percentile among its peers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(RANK_ENGAGEMENT)
        return cursor.rowcount
