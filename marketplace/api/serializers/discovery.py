"""What is searched for and what is found; saved searches."""

from typing import Any

from rest_framework import serializers

from accounts.models import Platform
from campaigns.terms import MAX_FOLLOWERS
from marketplace.api.serializers.briefs import BrandSerializer
from marketplace.api.serializers.scores import CurrentScoreSerializer
from marketplace.api.strictness import StrictSerializer, WholeNumberField
from scoring.discovery.saving import MAX_NAME, News, terms_of
from scoring.discovery.searching import MOST_PER_PAGE
from scoring.discovery.terms import MAX_CHOICES, MAX_EXAMPLE, MAX_LIKE, MAX_TEXT, SearchTerms
from scoring.models import SavedSearch

# Parameter → the entry of `SearchTerms`, where the names differ.
TERMS = {
    "q": "text",
    "platform": "platforms",
    "country": "countries",
    "language": "languages",
    "niche": "niches",
}


def _choices(child: serializers.Field, help_text: str = "") -> serializers.ListField:
    return serializers.ListField(
        child=child, required=False, max_length=MAX_CHOICES, help_text=help_text or "May repeat."
    )


class SearchTermsSerializer(StrictSerializer):
    """What is searched for; what is left out asks nothing."""

    q = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_TEXT,
        help_text="Words for what the creators write about, or a name; @name is a handle.",
    )  # fmt: skip
    like = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**18 - 1),
        required=False, max_length=MAX_LIKE,
        help_text=f"Ids of creators as examples, at most {MAX_LIKE}.",
    )  # fmt: skip
    example = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_EXAMPLE,
        help_text="A bio or captions as an example.",
    )  # fmt: skip
    platform = _choices(serializers.ChoiceField(choices=Platform.choices))
    country = _choices(serializers.CharField(max_length=80))
    language = _choices(serializers.CharField(max_length=8), "ISO 639-1, such as en.")
    niche = _choices(serializers.CharField(max_length=60))
    min_followers = serializers.IntegerField(required=False, min_value=0, max_value=MAX_FOLLOWERS)
    max_followers = serializers.IntegerField(required=False, min_value=0, max_value=MAX_FOLLOWERS)
    max_risk = serializers.FloatField(required=False, min_value=0, max_value=100)
    budget_minor = serializers.IntegerField(
        required=False, min_value=0, max_value=2**53 - 1,
        help_text="In minor units; whoever is known to cost more is left out. Needs a currency.",
    )  # fmt: skip
    currency = serializers.CharField(required=False, allow_blank=True, max_length=3)
    available_from = serializers.DateField(
        required=False, help_text="Whoever is known to be away then is left out."
    )
    available_until = serializers.DateField(required=False)


class SearchRequestSerializer(SearchTermsSerializer):
    cursor = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="From the answer's `next`."
    )
    page_size = serializers.IntegerField(default=20, min_value=1, max_value=MOST_PER_PAGE)


class SavedPageSerializer(StrictSerializer):
    cursor = serializers.CharField(required=False, allow_blank=True, max_length=200)
    page_size = serializers.IntegerField(default=20, min_value=1, max_value=MOST_PER_PAGE)


class SimilarRequestSerializer(StrictSerializer):
    platform = _choices(serializers.ChoiceField(choices=Platform.choices))
    cursor = serializers.CharField(required=False, allow_blank=True, max_length=200)
    page_size = serializers.IntegerField(default=10, min_value=1, max_value=50)


def terms_given(data: dict[str, Any]) -> SearchTerms:
    """Validated parameters as terms; pages' parameters among them are left out."""
    known = SearchTerms.__dataclass_fields__
    entries: dict[str, Any] = {}
    for name, value in data.items():
        entry = TERMS.get(name, name)
        if entry in known:
            entries[entry] = tuple(value) if isinstance(value, list) else value
    return SearchTerms(**entries)


def terms_as_json(terms: SearchTerms) -> dict[str, Any]:
    """As the parameters are called, only what asks something."""
    names = {entry: parameter for parameter, entry in TERMS.items()}
    return {names.get(name, name): value for name, value in terms.to_json().items()}


class _FoundSerializer(serializers.Serializer):
    rank = serializers.IntegerField(help_text="From 1, through all pages.")
    creator_id = serializers.IntegerField()
    account_id = serializers.IntegerField(help_text="The creator's account that fits best.")
    name = serializers.CharField()
    is_simulated = serializers.BooleanField()
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True, help_text="ISO 639-1; empty is unknown.")
    bio = serializers.CharField(allow_blank=True)
    hashtags = serializers.ListField(child=serializers.CharField())
    followers = serializers.IntegerField(allow_null=True)
    engagement_rate = serializers.FloatField(allow_null=True)
    fake_follower_risk = CurrentScoreSerializer(allow_null=True)
    niches = CurrentScoreSerializer(allow_null=True)
    price = CurrentScoreSerializer(allow_null=True)


class SharedWordsSerializer(serializers.Serializer):
    bio = serializers.ListField(child=serializers.CharField())
    hashtags = serializers.ListField(child=serializers.CharField())


class FoundCreatorSerializer(_FoundSerializer):
    similarity = serializers.FloatField(
        allow_null=True, help_text="Cosine of the texts, -1 to 1; null without text or words."
    )
    is_named = serializers.BooleanField(help_text="Whether this is their name or handle.")
    shared_words = SharedWordsSerializer()


class ExampleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class EmptyingLimitSerializer(serializers.Serializer):
    limit = serializers.CharField()
    alone = serializers.IntegerField(help_text="Accounts that would pass without this limit.")
    refused = serializers.IntegerField()
    unknown = serializers.IntegerField()


class SearchPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    eligible = serializers.IntegerField(help_text="Accounts that pass the limits.")
    eligible_at_least = serializers.BooleanField(help_text="Whether there are more than counted.")
    depth = serializers.IntegerField(
        allow_null=True, help_text="Nearest accounts that the pages reach; null: all."
    )
    exact = serializers.BooleanField(help_text="Whether every eligible account was compared.")
    examples = ExampleSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    emptying_limits = EmptyingLimitSerializer(many=True)
    encoder_version = serializers.CharField()
    timings_ms = serializers.DictField(child=serializers.FloatField())
    results = FoundCreatorSerializer(many=True)


class PartSerializer(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="0-1; null is unknown.")
    weight = serializers.FloatField()
    text = serializers.CharField()


class SimilarCreatorSerializer(_FoundSerializer):
    score = serializers.FloatField(help_text="0-1: the mean of the known parts by their weights.")
    parts = PartSerializer(many=True)
    reasons = serializers.ListField(child=serializers.CharField())


class SimilarPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    basis = serializers.ChoiceField(
        choices=["text", "niches"], allow_blank=True, help_text="Empty: nothing to compare by."
    )
    depth = serializers.IntegerField(help_text="Nearest accounts that are put in order.")
    notes = serializers.ListField(child=serializers.CharField())
    results = SimilarCreatorSerializer(many=True)


class SavedSearchSerializer(serializers.Serializer):
    """`new` are creators among the first hundred who joined after `last_seen_at`."""

    id = serializers.IntegerField()
    brand = BrandSerializer()
    name = serializers.CharField()
    terms = serializers.DictField(help_text="As the parameters of a search.")
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    new = serializers.IntegerField()
    new_creator_ids = serializers.ListField(child=serializers.IntegerField())
    refusal = serializers.CharField(
        allow_blank=True, help_text="Why the search finds nothing any more, such as a lost example."
    )


def saved_as_json(search: SavedSearch, news: News) -> dict[str, Any]:
    return {
        "id": search.pk,
        "brand": {"id": search.brand_id, "name": search.brand.name},
        "name": search.name,
        "terms": terms_as_json(terms_of(search)),
        "created_at": search.created_at,
        "last_seen_at": search.last_seen_at,
        "new": news.count,
        "new_creator_ids": sorted(news.creator_ids),
        "refusal": news.refusal,
    }


class SavingSearchSerializer(StrictSerializer):
    brand_id = WholeNumberField(
        required=False, min_value=1, max_value=10**18,
        help_text="Needed only by those who write for several brands.",
    )  # fmt: skip
    name = serializers.CharField(max_length=MAX_NAME)
    terms = SearchTermsSerializer()


class RenamingSearchSerializer(StrictSerializer):
    name = serializers.CharField(max_length=MAX_NAME)
