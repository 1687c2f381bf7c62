"""The rules a brief has to keep, one function per group of fields."""

import re
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts.models import Platform
from campaigns.brief_fields import BriefFields
from campaigns.brief_refusal import BriefRejected
from campaigns.models.briefs import Objective
from campaigns.offer_terms import (
    MAX_DELIVERABLES,
    MAX_EXCLUSIVITY_DAYS,
    MAX_REVISION_ROUNDS,
    MAX_RIGHTS_MONTHS,
)

MAX_BRIEF_CHARACTERS = 20_000
MAX_FOLLOWERS = 10_000_000_000
MAX_SPECS = 50
MAX_PLACES = 10_000
MAX_POINTS = 20
MAX_POINT_CHARACTERS = 300
MAX_LINKS = 10
MAX_LINK_CHARACTERS = 500
MAX_DISCLOSURE_CHARACTERS = 200
LONGEST = {"category": 60, "product": 2_000, "usage_rights": 2_000, "approval": 2_000}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
WORD = re.compile(r"[^\W\d_]{2,}")

_is_address = URLValidator(schemes=["https", "http"])


def check_text(text: str) -> None:
    if not text.strip():
        raise BriefRejected(
            "The brief is empty. Describe the product and the creators you look for "
            "in a sentence or two.",
            code="brief_empty",
            attr="text",
        )
    if len(text) > MAX_BRIEF_CHARACTERS:
        raise BriefRejected(
            f"The brief has {len(text):,} characters; at most {MAX_BRIEF_CHARACTERS:,} are read. "
            "Keep what describes the product, the audience and the content.",
            code="brief_too_long",
            attr="text",
        )
    if "\x00" in text:
        raise BriefRejected(
            "The brief holds NUL bytes, which no text should. Paste it as plain text.",
            code="brief_not_text",
            attr="text",
        )
    if not WORD.search(text):
        raise BriefRejected(
            "The brief has no words to search by. Describe the product and the creators "
            "you look for in words.",
            code="brief_without_words",
            attr="text",
        )


def check_limits(terms: BriefFields) -> None:
    if terms.platform and terms.platform not in Platform.values:
        raise BriefRejected(
            f"“{terms.platform}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
            code="unknown_platform",
            attr="platform",
        )
    for name in ("min_followers", "max_followers"):
        count = getattr(terms, name)
        if count is not None and not 0 <= count <= MAX_FOLLOWERS:
            raise BriefRejected(
                f"{name} is {count:,}; it must lie between 0 and {MAX_FOLLOWERS:,}.",
                code="followers_out_of_range",
                attr=name,
            )
    if (
        terms.min_followers is not None
        and terms.max_followers is not None
        and terms.min_followers > terms.max_followers
    ):
        raise BriefRejected(
            f"At least {terms.min_followers:,} and at most {terms.max_followers:,} followers "
            "leaves nobody. Swap the two limits.",
            code="followers_range_empty",
            attr="max_followers",
        )
    if terms.max_risk is not None and not 0 <= terms.max_risk <= 100:
        raise BriefRejected(
            f"The highest risk is {terms.max_risk}; risks run from 0 to 100.",
            code="risk_out_of_range",
            attr="max_risk",
        )


def check_budgets(terms: BriefFields) -> None:
    budget, total = terms.budget_minor, terms.total_budget_minor
    if budget is not None and not 0 <= budget < 2**53:
        raise BriefRejected(
            "The budget must be zero or more.", code="budget_negative", attr="budget_minor"
        )
    if total is not None and not 1 <= total < 2**53:
        raise BriefRejected(
            "The total budget must be above zero.",
            code="total_budget_not_positive",
            attr="total_budget_minor",
        )
    if budget is not None and total is not None and budget > total:
        raise BriefRejected(
            "The budget for one creator exceeds that for all of them.",
            code="budget_above_total",
            attr="total_budget_minor",
        )
    if (budget, total) != (None, None) and not re.fullmatch(r"[A-Z]{3}", terms.budget_currency):
        raise BriefRejected(
            "A budget needs a currency of three capital letters, such as EUR.",
            code="budget_without_currency",
            attr="budget_currency",
        )
    if terms.places is not None and not 1 <= terms.places <= MAX_PLACES:
        raise BriefRejected(
            f"The number of creators wanted lies between 1 and {MAX_PLACES:,}.",
            code="places_out_of_range",
            attr="places",
        )


def check_deliverables(terms: BriefFields) -> None:
    if len(terms.deliverables) > MAX_SPECS:
        raise BriefRejected(
            f"At most {MAX_SPECS} kinds of deliverables.",
            code="too_many_deliverables",
            attr="deliverables",
        )
    for place, spec in enumerate(terms.deliverables):
        for name, value, least, most in (
            ("kind", spec.kind, 1, 40),
            ("description", spec.description, 1, 1_800),
            ("length", spec.length, 0, 40),
            ("format", spec.format, 0, 80),
        ):
            if not least <= len(value.strip()) <= most:
                raise BriefRejected(
                    f"Deliverable {place + 1}: its {name} has {least} to {most:,} characters.",
                    code="deliverable_rejected",
                    attr=f"deliverables.{place}.{name}",
                )
        if spec.platform not in Platform.values:
            raise BriefRejected(
                f"Deliverable {place + 1}: “{spec.platform}” is no platform we know. "
                f"Use one of: {', '.join(Platform.values)}.",
                code="unknown_platform",
                attr=f"deliverables.{place}.platform",
            )
        if isinstance(spec.count, bool) or not 1 <= spec.count <= MAX_DELIVERABLES:
            raise BriefRejected(
                f"Deliverable {place + 1}: ask for 1 to {MAX_DELIVERABLES} of it.",
                code="deliverable_rejected",
                attr=f"deliverables.{place}.count",
            )
    if sum(spec.count for spec in terms.deliverables) > MAX_DELIVERABLES:
        raise BriefRejected(
            f"One creator makes at most {MAX_DELIVERABLES} pieces for a campaign.",
            code="too_many_deliverables",
            attr="deliverables",
        )


def check_words(terms: BriefFields) -> None:
    """Objective, product, dos and don'ts, rights and disclosure."""
    if terms.objective and terms.objective not in Objective.values:
        raise BriefRejected(
            f"“{terms.objective}” is no objective. Use one of: {', '.join(Objective.values)}.",
            code="unknown_objective",
            attr="objective",
        )
    for name, longest in LONGEST.items():
        if len(getattr(terms, name)) > longest:
            raise BriefRejected(f"At most {longest:,} characters.", code="too_long", attr=name)
    for name in ("dos", "donts"):
        points = getattr(terms, name)
        if len(points) > MAX_POINTS or any(
            not 1 <= len(point.strip()) <= MAX_POINT_CHARACTERS for point in points
        ):
            raise BriefRejected(
                f"At most {MAX_POINTS} points of 1 to {MAX_POINT_CHARACTERS} characters each.",
                code="points_rejected",
                attr=name,
            )
    if len(terms.links) > MAX_LINKS or not all(_is_link(link) for link in terms.links):
        raise BriefRejected(
            f"At most {MAX_LINKS} addresses that begin with https:// or http://, each of at most "
            f"{MAX_LINK_CHARACTERS} characters.",
            code="links_rejected",
            attr="links",
        )
    if not 1 <= len(terms.disclosure.strip()) <= MAX_DISCLOSURE_CHARACTERS:
        raise BriefRejected(
            "Say how the advertising is disclosed, such as #ad (1 to "
            f"{MAX_DISCLOSURE_CHARACTERS} characters).",
            code="disclosure_missing",
            attr="disclosure",
        )
    for name, largest in (
        ("usage_rights_months", MAX_RIGHTS_MONTHS),
        ("exclusivity_days", MAX_EXCLUSIVITY_DAYS),
        ("revision_rounds", MAX_REVISION_ROUNDS),
    ):
        if isinstance(getattr(terms, name), bool) or not 0 <= getattr(terms, name) <= largest:
            raise BriefRejected(
                f"A whole number from 0 to {largest}.", code="out_of_range", attr=name
            )


def check_dates(terms: BriefFields) -> None:
    for name in ("apply_by", "publish_from", "publish_by"):
        day = getattr(terms, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise BriefRejected(
                f"A day between {FIRST_DAY.year} and {LAST_DAY.year}.",
                code="date_out_of_range",
                attr=name,
            )
    begins, ends = terms.publish_from, terms.publish_by
    if begins and ends and ends < begins:
        raise BriefRejected(
            f"Publication would end ({ends:%d %b %Y}) before it begins ({begins:%d %b %Y}).",
            code="dates_reversed",
            attr="publish_by",
        )
    if terms.apply_by and ends and terms.apply_by > ends:
        raise BriefRejected(
            f"Creators could apply until {terms.apply_by:%d %b %Y}, after publication has ended "
            f"({ends:%d %b %Y}).",
            code="dates_reversed",
            attr="apply_by",
        )


def check_plain(terms: BriefFields) -> None:
    """NUL bytes and half characters can be neither stored nor shown."""
    for name, text in _texts(terms):
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise BriefRejected(
                "This holds characters that are no text. Paste it as plain text.",
                code="brief_not_text",
                attr=name,
            )


def _texts(terms: BriefFields) -> Iterator[tuple[str, str]]:
    for name in (
        "text", "country", "category", "product", "usage_rights", "disclosure", "approval",
        "budget_currency",
    ):  # fmt: skip
        yield name, getattr(terms, name)
    for name in ("languages", "niches", "values", "links", "dos", "donts"):
        for entry in getattr(terms, name):
            yield name, entry
    for group, wished in terms.audience.items():
        for entry in (group, *wished) if isinstance(wished, dict | list) else (group,):
            yield f"audience.{group}", str(entry)
    for place, spec in enumerate(terms.deliverables):
        for part in ("kind", "description", "length", "format"):
            yield f"deliverables.{place}.{part}", getattr(spec, part)


def _is_link(link: str) -> bool:
    try:
        _is_address(link)
    except ValidationError:
        return False
    return len(link) <= MAX_LINK_CHARACTERS
