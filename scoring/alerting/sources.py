"""Where readings come from: one relation for each metric, live checks and back-tests alike.

Each yields ``(account_id, key, value, day, recorded_at, id, model_version)``: every value ever
known, with the day it is about and when it was recorded. Nothing in here looks at the clock.
"""

from collections.abc import Mapping
from typing import Final

from scoring.alerting.metrics import ENGAGEMENTS
from scoring.moderation.standing import MARGIN

_COUNTS = """
SELECT account_id, ''::text AS key, {value}::float8 AS value, day, recorded_at, id,
       ''::text AS model_version
FROM accounts_accountmetric WHERE {column} IS NOT NULL
"""

# What a page shows: a person's word, unless later facts have lifted the model's risk by the
# margin above where it stood at a "genuine" (`moderation.standing`). The fact that lifted it is
# taken from the score, which is only written when facts changed.
_RISKS = f"""
SELECT score.account_id, ''::text AS key,
       CASE WHEN label.id IS NULL OR (label.label <> 'fake' AND (
                     label.risk IS NULL OR score.value >= {MARGIN} + CASE
                         WHEN score.model_version = label.model_version THEN label.risk
                         ELSE (SELECT first.value FROM scoring_score first
                               WHERE first.account_id = score.account_id
                                 AND first.task = 'authenticity'
                                 AND first.model_version = score.model_version
                                 AND first.created_at > label.decided_at
                               ORDER BY first.created_at, first.id LIMIT 1)
                     END))
            THEN {{of_score}} WHEN label.label = 'fake' THEN {{fake}} ELSE {{genuine}} END
           ::float8 AS value,
       (score.created_at AT TIME ZONE 'UTC')::date AS day, score.created_at AS recorded_at,
       score.id, score.model_version::text AS model_version
FROM scoring_score score
LEFT JOIN LATERAL (
    SELECT id, label, risk, model_version, decided_at FROM scoring_evaluationlabel
    WHERE account_id = score.account_id AND task = 'authenticity'
      AND decided_at <= score.created_at
    ORDER BY decided_at DESC, id DESC LIMIT 1
) label ON true
WHERE score.task = 'authenticity' AND NOT score.abstained AND score.value IS NOT NULL
UNION ALL
SELECT account_id, ''::text, CASE label WHEN 'fake' THEN {{fake}} ELSE {{genuine}} END::float8,
       (decided_at AT TIME ZONE 'UTC')::date, decided_at, id, 'moderator'::text
FROM scoring_evaluationlabel WHERE task = 'authenticity'
"""  # noqa: S608 (a number of our own)

_LEVELS = "CASE score.level WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END"

_PRICES = """
SELECT account_id, currency::text AS key, value, (created_at AT TIME ZONE 'UTC')::date AS day,
       created_at AS recorded_at, id, model_version::text AS model_version
FROM scoring_score WHERE task = 'price' AND NOT abstained AND value IS NOT NULL
"""

# A name as a tag, as `scoring.ml.match.audience.tag_of` makes it of letters and digits.
_TAG = "trim(both '-' from regexp_replace(lower({}), '[^[:alnum:]]+', '-', 'g'))"

# As `rescoring.niche_weights` has it. A niche that the model does not keep weighs 0, so that
# leaving one is a reading too.
_NICHES = f"""
SELECT score.account_id, asked.key,
       CASE WHEN EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(
                    coalesce(score.inputs -> 'declared', '[]')) declared(name)
                WHERE {_TAG.format("declared.name")} = asked.key
            ) THEN 100
            ELSE coalesce((
                SELECT 100 * least((label ->> 'probability')::float8, 0.99)
                FROM jsonb_array_elements(score.details -> 'labels') label
                WHERE {_TAG.format("label ->> 'name'")} = asked.key LIMIT 1
            ), 0) END::float8 AS value,
       (score.created_at AT TIME ZONE 'UTC')::date AS day, score.created_at AS recorded_at,
       score.id, score.model_version::text AS model_version
FROM scoring_score score CROSS JOIN unnest(%(keys)s::text[]) AS asked(key)
WHERE score.task = 'niche'
  AND (NOT score.abstained OR jsonb_array_length(coalesce(score.inputs -> 'declared', '[]')) > 0)
"""  # noqa: S608 (an expression of our own)

_VALUES = f"""
SELECT found.account_id, coalesce(nullif(found.currency, ''), '{ENGAGEMENTS}')::text AS key,
       found.value, (run.as_of AT TIME ZONE 'UTC')::date AS day,
       run.completed_at AS recorded_at, found.id, run.model_version::text AS model_version
FROM scoring_marketvalue found JOIN scoring_valuationrun run ON run.id = found.run_id
WHERE run.completed_at IS NOT NULL AND found.value IS NOT NULL
"""  # noqa: S608 (a name of our own)

# Each check of a post moves its account's count by one, up or down, or leaves it.
_FLAGGED = """
SELECT account_id, ''::text AS key,
       (sum(step) OVER (PARTITION BY account_id ORDER BY created_at, id))::float8 AS value,
       (created_at AT TIME ZONE 'UTC')::date AS day, created_at AS recorded_at, id,
       model_version::text AS model_version
FROM (
    SELECT post.account_id, score.created_at, score.id, score.model_version,
           score.flagged::int - coalesce(lag(score.flagged::int) OVER (
               PARTITION BY post.account_id, score.post_id ORDER BY score.created_at, score.id
           ), 0) AS step
    FROM scoring_postscore score JOIN accounts_post post ON post.id = score.post_id
) steps
"""

FACTS: Final[Mapping[str, str]] = {
    "followers": _COUNTS.format(column="followers", value="followers"),
    "engagement_rate": _COUNTS.format(column="engagement_rate", value="(engagement_rate * 100)"),
    "risk": _RISKS.format(of_score="score.value", fake=100, genuine=0),
    "risk_level": _RISKS.format(of_score=_LEVELS, fake=3, genuine=1),
    "price": _PRICES,
    "market_value": _VALUES,
    "niche_weight": _NICHES,
    "flagged_posts": _FLAGGED,
}


def _since(table: str) -> str:
    return f"(%(seen)s::jsonb ->> '{table}')::bigint"


def _new_scores(task: str) -> str:
    since = _since("scoring_score")
    return f"SELECT account_id FROM scoring_score WHERE id > {since} AND task = '{task}'"  # noqa: S608


def _new_rows(table: str) -> str:
    return f"SELECT account_id FROM {table} WHERE id > {_since(table)}"  # noqa: S608


_NEW_COUNTS = _new_rows("accounts_accountmetric")
_NEW_RISKS = f"{_new_scores('authenticity')} UNION {_new_rows('scoring_evaluationlabel')}"
_NEW_CHECKS = f"""
SELECT post.account_id FROM scoring_postscore score
JOIN accounts_post post ON post.id = score.post_id
WHERE score.id > {_since("scoring_postscore")}
"""  # noqa: S608 (a name of our own)

TOUCHED: Final[Mapping[str, str]] = {
    "followers": _NEW_COUNTS,
    "engagement_rate": _NEW_COUNTS,
    "risk": _NEW_RISKS,
    "risk_level": _NEW_RISKS,
    "price": _new_scores("price"),
    "niche_weight": _new_scores("niche"),
    "market_value": _new_rows("scoring_marketvalue"),
    "flagged_posts": _NEW_CHECKS,
}
"""Accounts with rows that a check may not have read yet."""

TABLES: Final = (
    "accounts_accountmetric", "scoring_score", "scoring_evaluationlabel", "scoring_marketvalue",
    "scoring_postscore",
)  # fmt: skip
