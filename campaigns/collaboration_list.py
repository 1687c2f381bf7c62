"""Lists of collaborations: what is whose, where each stands, what needs somebody.

A list is read from one index in its order, page by page, so that the ten-thousandth page costs
what the first does. Somebody who sits on several sides (a member of two brands, a creator who
also works for one) gets one list: each side's part is read in order and the parts are merged.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from accounts.errors import DomainError
from accounts.models import Creator, User
from campaigns.collaboration_rows import CollaborationRow, describe_rows
from campaigns.models import Campaign, Collaboration
from campaigns.states import Stage

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MOST_COUNTED = 1_000
SALT = "campaigns.collaboration_list"
CURSOR_CHARACTERS = 200
COLUMNS = (
    "campaign_id", "brand_id", "creator_id", "state", "stage", "acting_side", "deadline_at",
    "due_at", "brand_acts", "creator_acts", "earmark_minor", "earmark_currency", "created_at",
    "updated_at", "campaign__title", "campaign__is_simulated", "brand__name",
    "creator__display_name", "creator__user_id", "contract__total_minor", "contract__fee_minor",
    "contract__currency",
)  # fmt: skip


class BadCursor(DomainError):
    code = "bad_cursor"
    message = "This is no place in the list. Start from its first page."

    def __init__(self) -> None:
        super().__init__(details={"field": "cursor"})


@dataclass(frozen=True)
class Sides:
    """Everything somebody acts for: brands they belong to, and their own profile."""

    brand_ids: tuple[int, ...] = ()
    creator_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.brand_ids or self.creator_id)


@dataclass(frozen=True)
class Filters:
    """Which collaborations a list shows; by default all."""

    needs_me: bool = False
    stage: Stage | None = None
    overdue: bool = False
    campaign_id: int | None = None
    brand_id: int | None = None


@dataclass(frozen=True)
class CollaborationPage:
    """Rows in order, the latest change first; a cursor is empty where the list ends."""

    rows: list[CollaborationRow]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True)
class Cursor:
    """Between which rows a page begins: after ``(at, pk)``, or before it when ``backwards``."""

    at: datetime
    pk: int
    backwards: bool = False

    def encode(self) -> str:
        return signing.dumps([self.at.isoformat(), self.pk, self.backwards], salt=SALT)

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """:raises BadCursor: unless a list here gave it out."""
        if len(text) > CURSOR_CHARACTERS:
            raise BadCursor
        try:
            at, pk, backwards = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError) as error:
            raise BadCursor from error
        return cls(datetime.fromisoformat(at), pk, backwards)


def sides_of(user: User) -> Sides:
    """Two queries."""
    brands = user.memberships.order_by("brand_id").values_list("brand_id", flat=True)
    own = Creator.objects.filter(user=user).values_list("pk", flat=True).first()
    return Sides(tuple(brands), own)


def list_collaborations(
    user: User,
    filters: Filters = Filters(),
    *,
    now: datetime,
    cursor: str = "",
    size: int = PAGE_SIZE,
    sides: Sides | None = None,
) -> CollaborationPage:
    """One page of everything the user takes part in.

    Two queries for the sides unless given, one more when a campaign is asked for; then at most
    four for the page, whatever its length and depth.

    :raises BadCursor: if no list here gave it out.
    """
    here = Cursor.decode(cursor) if cursor else None
    backwards = here is not None and here.backwards
    size = min(max(size, 1), MAX_PAGE_SIZE)
    sides = _narrowed(sides if sides is not None else sides_of(user), filters)
    found = list(_page(sides, filters, here, size=size + 1, now=now))
    has_more, page = len(found) > size, found[:size]
    if backwards:
        page.reverse()
    rows = describe_rows(page, user=user, creator_id=sides.creator_id, now=now)
    has_next, has_previous = (True, has_more) if backwards else (has_more, here is not None)
    return CollaborationPage(
        rows,
        Cursor(page[-1].updated_at, page[-1].pk).encode() if page and has_next else "",
        Cursor(page[0].updated_at, page[0].pk, True).encode() if page and has_previous else "",
    )


def count_collaborations(
    user: User,
    filters: Filters = Filters(),
    *,
    now: datetime,
    sides: Sides | None = None,
) -> int:
    """How many there are, at most `MOST_COUNTED` + 1; `counted` writes it. One query."""
    sides = _narrowed(sides if sides is not None else sides_of(user), filters)
    parts = [
        part.order_by().values("pk")[: MOST_COUNTED + 1] for part in _parts(sides, filters, now)
    ]
    if not parts:
        return 0
    return min(parts[0].union(*parts[1:], all=True).count(), MOST_COUNTED + 1)


def counted(number: int) -> str:
    """“37”, or “1,000+” where counting stopped."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"


def _narrowed(sides: Sides, filters: Filters) -> Sides:
    """Only the sides that can have a row, so that none is searched in vain from end to end."""
    brands = sides.brand_ids
    if filters.brand_id is not None:
        brands = tuple(pk for pk in brands if pk == filters.brand_id)
    if filters.campaign_id is not None and brands:
        owner = Campaign.objects.filter(pk=filters.campaign_id, brand__in=brands)
        brands = tuple(owner.values_list("brand_id", flat=True))
    return replace(sides, brand_ids=brands)


def _page(
    sides: Sides, filters: Filters, here: Cursor | None, *, size: int, now: datetime
) -> QuerySet[Collaboration]:
    order = ("-updated_at", "-pk")
    beyond: TupleLessThan | TupleGreaterThan | None = None
    place = (F("updated_at"), F("pk"))
    if here is not None and here.backwards:
        order, beyond = ("updated_at", "pk"), TupleGreaterThan(place, (here.at, here.pk))
    elif here is not None:
        beyond = TupleLessThan(place, (here.at, here.pk))
    parts = [
        (part.filter(beyond) if beyond is not None else part).order_by(*order)[:size]
        for part in _parts(sides, filters, now)
    ]
    if not parts:
        return Collaboration.objects.none()
    # The ids first, so that the joins are planned for one page's rows at whatever depth.
    ids = parts[0].values("pk")
    if len(parts) > 1:
        ids = ids.union(*(part.values("pk") for part in parts[1:]), all=True)
    rows = Collaboration.objects.filter(pk__in=ids).order_by(*order)[:size]
    return rows.select_related("campaign", "brand", "creator", "contract").only(*COLUMNS)


def _parts(sides: Sides, filters: Filters, now: datetime) -> list[QuerySet[Collaboration]]:
    """Each side's rows; nobody's own profile is counted again as their brand's."""
    limits = Q()
    if filters.stage is not None:
        limits &= Q(stage=filters.stage)
    if filters.overdue:
        limits &= Q(due_at__lte=now)
    if filters.campaign_id is not None:
        limits &= Q(campaign_id=filters.campaign_id)
    found = Collaboration.objects.filter(limits)
    parts = []
    for brand_id in sides.brand_ids:
        part = found.filter(brand_id=brand_id)
        if filters.needs_me:
            part = part.filter(brand_acts=True)
        if sides.creator_id is not None:
            part = part.exclude(creator_id=sides.creator_id)
        parts.append(part)
    if sides.creator_id is not None:
        part = found.filter(creator_id=sides.creator_id)
        if filters.brand_id is not None:
            part = part.filter(brand_id=filters.brand_id)
        parts.append(part.filter(creator_acts=True) if filters.needs_me else part)
    return parts
