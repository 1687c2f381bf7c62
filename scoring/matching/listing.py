"""First and second stage together: a brief's whole list, before any of it is put into words."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.terms import BriefTerms
from scoring.matching.assessing import Assessed, Candidates, assess, measure, sample_of
from scoring.matching.briefs import ReadBrief
from scoring.matching.limits import limits_of
from scoring.matching.retrieval import eligible_entries, nearest_entries
from scoring.models import SearchEntry

# How many nearest accounts are scored and ranked. The same for every page of a list: a
# depth that grew with the page would let later pages reorder earlier ones.
DEPTH = 300


@dataclass(frozen=True)
class Listed:
    """``places`` are rows of ``assessed`` in the order of the list.

    Rows behind the first ``compared`` were asked for by name and are in no list for that.
    """

    assessed: Assessed
    places: list[int]
    compared: int
    eligible: int
    exact: bool


def list_creators(
    brief: ReadBrief,
    *,
    hidden: Collection[int] = (),
    besides: Sequence[int] = (),
    lap: Callable[[str], None] = lambda name: None,
) -> Listed:
    """Retrieve and score a brief's creators. A constant number of queries.

    :param besides: account ids to be scored too, whether or not they are in the list.
    :param lap: told when a stage is done.
    """
    eligible_rows = entries_for(brief.terms, hidden=hidden)
    eligible = eligible_rows.count()
    nearest = nearest_entries(eligible_rows, vector=brief.vector, depth=DEPTH, eligible=eligible)
    lap("retrieve")
    found = Candidates(nearest.ids, nearest.cosines)
    if besides:
        also = SearchEntry.objects.filter(account__in=besides).exclude(pk__in=nearest.ids)
        found = found.and_then(measure(also.order_by("account_id"), brief))
    assessed = assess(brief, found, sample_of(eligible_rows, brief))
    # A row that vanished meanwhile is one less of the compared.
    compared = len(set(nearest.ids) & {row["pk"] for row in assessed.rows})
    places = assessed.order(compared)
    lap("rerank")
    return Listed(assessed, places, compared, eligible, nearest.exact)


def entries_for(terms: BriefTerms, *, hidden: Collection[int] = ()) -> QuerySet[SearchEntry]:
    """The entries a list of the brief is made from."""
    entries = eligible_entries(limits_of(terms))
    return entries.exclude(creator_id__in=list(hidden)) if hidden else entries
