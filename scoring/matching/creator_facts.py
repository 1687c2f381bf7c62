"""What is stored of accounts as the facts that the factors of a match read."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from accounts.models import Comment, SocialAccount
from scoring.matching.briefs import ReadBrief
from scoring.ml.match.alignment import brand_sentiment
from scoring.ml.match.audience import tag_of
from scoring.ml.match.facts import Audience, CreatorFacts, read_audience
from scoring.ml.match.tone import Tone
from scoring.models import SearchEntry

Row = dict[str, Any]

COLUMNS: Final = (
    "pk", "account_id", "creator_id", "platform", "followers", "engagement_rate",
    "engagement_percentile", "audience_countries", "niche_weights", "risk", "risk_confidence",
    "price_low_minor", "price_minor", "price_currency", "account__bio", "account__hashtags",
    "match_facts__ages", "match_facts__genders", "match_facts__interests", "match_facts__tone",
    "match_facts__repeated_captions", "match_facts__repeated_pictures", "match_facts__accepted",
    "match_facts__completed", "match_facts__collaborations", "match_facts__worked_in",
)  # fmt: skip
VECTORS: Final = ("embedding__vector", "match_facts__captions_vector")
# Comments that name the brand, over all accounts compared; the newest say what is thought now.
MAX_COMMENTS = 20_000


def read_rows(ids: Sequence[int], *, brief: ReadBrief) -> list[Row]:
    """What the brief's factors need of the entries, in the order of ``ids``. One query.

    Vectors are read only for a brief with values: they are most of the bytes.
    """
    columns = (*COLUMNS, *VECTORS) if brief.facts.values is not None else COLUMNS
    rows = {row["pk"]: row for row in SearchEntry.objects.filter(pk__in=ids).values(*columns)}
    return [rows[pk] for pk in ids if pk in rows]


def text_of(row: Row) -> str:
    """The text that was embedded."""
    return SocialAccount(bio=row["account__bio"], hashtags=row["account__hashtags"]).text()


def read_creators(
    rows: Sequence[Row], *, brief: ReadBrief, topics: NDArray[np.float64]
) -> list[CreatorFacts]:
    """The facts of each row. One query for a brief of a brand that has a name, else none.

    :param topics: how near each text is to the brief, (n,) in [0, 1], NaN without text.
    """
    sentiments = read_sentiments([row["account_id"] for row in rows], names=brief.brand_names)
    wanted = tag_of(brief.facts.category)
    return [
        CreatorFacts(
            topic=None if np.isnan(topic) else float(topic),
            audience=_audience(row, brief),
            niches=row["niche_weights"],
            engagement=row["engagement_percentile"],
            engagement_rate=row["engagement_rate"],
            completed=row["match_facts__completed"],
            accepted=row["match_facts__accepted"],
            repeated_pictures=row["match_facts__repeated_pictures"],
            repeated_captions=row["match_facts__repeated_captions"],
            risk=row["risk"],
            values=_vectors(row),
            tone=Tone(**row["match_facts__tone"]) if row["match_facts__tone"] else None,
            collaborations_in_category=(row["match_facts__worked_in"] or {}).get(wanted, 0),
            collaborations=row["match_facts__collaborations"],
            sentiment=sentiments.get(row["account_id"]),
            **_price(row, brief.terms.budget_currency),
        )
        for row, topic in zip(rows, topics, strict=True)
    ]


def read_sentiments(account_ids: Collection[int], *, names: Sequence[str]) -> dict[int, float]:
    """Account → how warmly comments that name the brand speak, where ten or more do."""
    if not names or not account_ids:
        return {}
    said: dict[int, list[str]] = defaultdict(list)
    for account_id, text in _comments(account_ids, names):
        said[account_id].append(text)
    found = {pk: brand_sentiment(texts, names) for pk, texts in said.items()}
    return {pk: value for pk, value in found.items() if value is not None}


def _comments(account_ids: Collection[int], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    about = Comment.objects.none()
    for name in names:
        about = about | Comment.objects.filter(text__icontains=name.strip())
    newest = about.filter(account_id__in=account_ids).order_by("-pk")
    yield from newest.values_list("account_id", "text")[:MAX_COMMENTS]


def _audience(row: Row, brief: ReadBrief) -> Audience:
    """Only the groups asked for: what a list does not read cannot be a concern in it."""
    facts = brief.facts
    return read_audience(
        ages=_group(row, "match_facts__ages", facts.ages),
        genders=_group(row, "match_facts__genders", facts.genders),
        countries=_group(row, "audience_countries", facts.countries),
        interests=_group(row, "match_facts__interests", facts.interests),
    )


def _group(row: Row, column: str, wish: object) -> Mapping[str, object] | None:
    return row[column] if wish is not None else None


def _vectors(row: Row) -> NDArray[np.float32] | None:
    known = [row[name] for name in VECTORS if row.get(name) is not None]
    return np.array(known, dtype=np.float32) if known else None


def _price(row: Row, currency: str) -> dict[str, float | None]:
    """Prices in another currency say nothing about this budget."""
    same = row["price_currency"] == currency
    return {name: row[name] if same else None for name in ("price_low_minor", "price_minor")}
