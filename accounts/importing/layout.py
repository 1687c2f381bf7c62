"""How a kind of file is laid out: its columns, and what each of them says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from accounts.importing.cells import CellDoubtful, CellRefused, Parser
from accounts.importing.rows import CommentFact, FollowerFact, MetricFact, ParsedRow, PostFact

_PARTS = (
    "", "account", "metric", "extra", "post", "count", "post_extra", "follower", "comment", "raw",
)  # fmt: skip
_TIMES = (
    "day", "observed_at", "post.published_at", "account.opened_on", "taken_on",
    "comment.written_at",
)  # fmt: skip

# Longer than any real value, short enough for a line of a report.
SHOWN = 80


class Kind(StrEnum):
    """What a file is about; one command each."""

    CREATORS = "creators"
    POSTS = "posts"
    METRICS = "metrics"
    FOLLOWERS = "followers"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value goes, how it is read.

    ``target`` is ``platform``, ``handle``, ``account.FIELD``, ``metric.FIELD``,
    ``extra.KEY`` (kept with the metric), ``day``, ``post.FIELD``, ``count.FIELD`` (kept
    with the post), ``post_extra.KEY``, ``observed_at``, ``follower.FACT``, ``pseudonym``,
    ``method``, ``taken_on``, ``comment.FIELD``, or ``raw.NAME`` for `Layout.finish`.
    """

    name: str
    target: str
    parse: Parser
    needed: bool = False  # the header must have it
    filled: bool = False  # no cell may be empty


@dataclass(slots=True)
class Draft:
    """The values of one row by target, before they are sorted into a `ParsedRow`."""

    platform: str = ""
    handle: str | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in _PARTS})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one cell, or with a whole row when ``column`` is empty."""

    column: str
    found: str
    expected: str


@dataclass(frozen=True)
class Layout:
    """A table of columns with a name.

    ``key`` names the targets that tell two rows apart; ``platform`` and ``handle`` are
    always part of it unless the layout has no handle. ``derived_key`` layouts have no
    identifier of their own, so equal keys are the same post seen twice, not a mistake.
    ``masked`` handles stand for something that is not shown. ``finish`` may add to a
    draft what several cells say together; it may raise `CellRefused`.
    """

    name: str
    title: str
    kind: Kind
    columns: Sequence[Column]
    platform: str | None = None  # for every row, unless there is a platform column
    asks_platform: bool = False
    has_handle: bool = True
    masked: bool = False
    derived_key: bool = False
    key: Sequence[str] = ()
    finish: Callable[[Draft], list[Problem]] | None = None
    split: Callable[[Draft], list[MetricFact]] | None = None

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.needed)

    @property
    def known(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)


class RowReader:
    """Turns the cells of one file's rows into `ParsedRow`, collecting what is wrong."""

    def __init__(
        self, layout: Layout, header: Sequence[str], *, platform: str, now: datetime
    ) -> None:
        self.layout = layout
        self.platform = platform
        # A day's grace: a clock somewhere east of UTC is not wrong.
        self._latest = now + timedelta(days=1)
        self._times = [
            (column.name, *column.target.rpartition(".")[::2])
            for column in layout.columns
            if column.target in _TIMES
        ]
        by_name: Mapping[str, Column] = {column.name: column for column in layout.columns}
        self._width = len(header)
        self._columns = [
            (index, by_name[name], *by_name[name].target.rpartition(".")[::2])
            for index, name in enumerate(header)
            if name in by_name
        ]

    def read(self, cells: Sequence[str]) -> tuple[ParsedRow | None, list[Problem], list[Problem]]:
        """The row, or None with its errors; then the warnings."""
        if len(cells) != self._width:
            return None, [Problem("", f"{len(cells)} cells", f"{self._width} cells")], []
        errors: list[Problem] = []
        warnings: list[Problem] = []
        draft = Draft(platform=self.platform)
        for index, column, part, name in self._columns:
            text = cells[index].strip()
            try:
                if "\0" in text:
                    raise CellRefused("text without NUL characters")
                if text:
                    draft.parts[part][name] = column.parse(text)
                elif column.filled:
                    raise CellRefused("a value")
            except CellRefused as error:
                errors.append(Problem(column.name, shown(text), str(error)))
            except CellDoubtful as error:
                warnings.append(Problem(column.name, shown(text), str(error)))
        errors += self._future(draft)
        if errors:
            return None, errors, warnings
        own = draft.parts[""]
        draft.platform = own.get("platform", draft.platform)
        draft.handle = own.get("handle")
        if self.layout.finish is not None:
            try:
                warnings += self.layout.finish(draft)
            except CellRefused as error:
                return None, [Problem("", "", str(error))], warnings
        return self._sort(draft), [], warnings

    def _future(self, draft: Draft) -> list[Problem]:
        problems = []
        for column, part, name in self._times:
            value = draft.parts[part].get(name)
            limit = self._latest if isinstance(value, datetime) else self._latest.date()
            if value is not None and value > limit:
                problems.append(Problem(column, str(value), "a time that has come"))
        return problems

    def _sort(self, draft: Draft) -> ParsedRow:
        own, parts = draft.parts[""], draft.parts
        row = ParsedRow(platform=draft.platform, handle=draft.handle, facts=parts["account"])
        if self.layout.masked:
            row.facts["handle_is_hash"] = True
        if self.layout.split is not None:
            row.metrics = self.layout.split(draft)
        elif parts["metric"] or parts["extra"] or "day" in own:
            day = own.get("day")
            if day is None and "observed_at" in own:
                day = own["observed_at"].date()
            row.metrics = [MetricFact(parts["metric"], parts["extra"], day=day)]
        if "external_id" in own:
            row.post = PostFact(
                external_id=own["external_id"],
                facts=parts["post"],
                counts=parts["count"],
                extra=parts["post_extra"],
                observed_at=own.get("observed_at"),
            )
        if "pseudonym" in own:
            row.follower = FollowerFact(
                pseudonym=own["pseudonym"],
                method=own.get("method", "unknown"),
                facts=parts["follower"],
                taken_on=own.get("taken_on"),
            )
        if parts["comment"]:
            row.comment = CommentFact(**parts["comment"])
        return row


def shown(text: str) -> str:
    """A cell as a report shows it: one line, no control characters, not too long."""
    line = "".join(char if char.isprintable() else "�" for char in text[: SHOWN + 1])
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
