"""How cases begin: by a high-risk score, or by a report that a moderator takes up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.case_states import IN_FORCE, UNDER_REVIEW, CaseState, CaseStep
from accounts.models import (
    Appeal,
    AuditEntry,
    CaseEvent,
    CaseFinding,
    Creator,
    ModerationCase,
    SocialAccount,
    User,
)
from scoring.models import Score
from scoring.moderation.errors import AppealPending, CaseOpenAlready, OwnCase, SuspendedAlready
from scoring.moderation.moderators import ensure_moderator
from scoring.moderation.standing import get_standings
from scoring.moderation.statements import compose_statement
from scoring.moderation.telling import tell
from scoring.moderation.wording import checked_text
from scoring.selectors import current_scores

TASK = Score.Task.AUTHENTICITY
Ground = ModerationCase.Ground


@transaction.atomic
def open_cases(*, scores: Iterable[Score], now: datetime) -> list[ModerationCase]:
    """Open a case for each creator whom a high risk newly speaks against.

    None for a creator who has an open case, is suspended or closed, or waits for the answer
    to an appeal; none where a person's decision outranks every high score. So a second run
    over the same scores opens nothing.

    :param scores: current and saved. Others of the same creators are read.
    :returns: the new cases. At most 13 queries, however many cases; one where none is due.
    """
    suspects = {score.account_id for score in scores if _is_high(score)}
    if not suspects:
        return []
    creator_ids = _without_case(
        Creator.objects.filter(accounts__in=suspects).values_list("pk", flat=True).distinct()
    )
    if not creator_ids:
        return []
    creators = {
        creator.pk: creator
        for creator in Creator.objects.select_for_update(no_key=True)
        .filter(pk__in=creator_ids, status__in=[Creator.Status.ACTIVE, Creator.Status.FLAGGED])
        .order_by("pk")
    }
    # Read again under the lock: somebody may have opened one between the two.
    due = _without_case(creators)
    found = _high_and_not_outranked(due)
    cases = [_new_case(creators[pk], findings, now=now) for pk, findings in found.items()]
    ModerationCase.objects.bulk_create(cases)
    CaseFinding.objects.bulk_create(
        finding for case, findings in zip(cases, found.values(), strict=True)
        for finding in _of(case, findings)
    )  # fmt: skip
    _record(cases, now=now)
    return cases


@transaction.atomic
def report_creator(*, creator: Creator, report: str, actor: User, now: datetime) -> ModerationCase:
    """Open a case about all accounts of a creator because of a report.

    A report alone changes no standing decision: what was decided holds until this case is.

    :raises NotAModerator: or `OwnCase`, if the actor may not. :raises TextUnusable: if the
        report cannot be kept.
    :raises CaseOpenAlready: if a case is open. :raises AppealPending: if an appeal waits.
    :raises SuspendedAlready: if a suspension is in force.
    """
    ensure_moderator(actor)
    report = checked_text(report, field="report")
    locked = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    if locked.user_id == actor.pk:
        raise OwnCase
    _refuse_a_second_case(locked)
    accounts = list(locked.accounts.order_by("pk"))
    scores = current_scores([account.pk for account in accounts])
    findings = [_finding(account, scores.get(account.pk, {}).get(TASK)) for account in accounts]
    case = _new_case(locked, findings, report=report, actor=actor, now=now)
    case.save()
    CaseFinding.objects.bulk_create(_of(case, findings))
    event = CaseEvent.objects.create(
        case=case, step=CaseStep.OPENED, after=CaseState.OPEN, actor=actor, at=now
    )
    audit.record(actor=actor, verb="case.opened", subject=case, data={"ground": case.ground})
    tell([event])
    return case


def _is_high(score: Score) -> bool:
    return score.level == "high" and not score.abstained and score.value is not None


def _without_case(creator_ids: Iterable[int]) -> list[int]:
    """Those with neither an open case nor a pending appeal. One query."""
    ids = list(creator_ids)
    taken = set(
        ModerationCase.objects.filter(creator__in=ids, state__in=UNDER_REVIEW)
        .order_by()
        .values_list("creator_id", flat=True)
        .union(
            Appeal.objects.filter(case__creator__in=ids, outcome=Appeal.Outcome.PENDING)
            .order_by()
            .values_list("case__creator_id", flat=True)
        )
    )
    return [pk for pk in ids if pk not in taken]


def _high_and_not_outranked(creator_ids: Sequence[int]) -> dict[int, list[CaseFinding]]:
    """Creator id → findings about the accounts that call for a case, the riskiest first."""
    accounts = {
        account.pk: account
        for account in SocialAccount.objects.filter(creator__in=creator_ids).order_by("pk")
    }
    scores = {pk: of_task.get(TASK) for pk, of_task in current_scores(list(accounts)).items()}
    high: Mapping[int, Score] = {
        pk: score for pk, score in scores.items() if score is not None and _is_high(score)
    }
    standings = get_standings(high)
    found: dict[int, list[CaseFinding]] = {}
    for pk, score in sorted(high.items(), key=lambda pair: -(pair[1].value or 0.0)):
        if pk not in standings or standings[pk].is_lifted:
            found.setdefault(accounts[pk].creator_id, []).append(_finding(accounts[pk], score))
    return found


def _finding(account: SocialAccount, score: Score | None) -> CaseFinding:
    if score is None:
        return CaseFinding(account=account)
    return CaseFinding(
        account=account,
        score_number=score.pk,
        risk=score.value,
        level=score.level,
        confidence=score.confidence,
        model_version=score.model_version,
        reasons=score.reasons,
        as_of=score.as_of,
    )


def _new_case(
    creator: Creator,
    findings: Sequence[CaseFinding],
    *,
    report: str = "",
    actor: User | None = None,
    now: datetime,
) -> ModerationCase:
    ground = Ground.REPORT if report else Ground.SCORE
    riskiest = max(findings, key=lambda one: -1.0 if one.risk is None else one.risk, default=None)
    return ModerationCase(
        creator=creator,
        ground=ground,
        statement=compose_statement(ground=ground, findings=findings, report=report, now=now),
        risk=None if riskiest is None else riskiest.risk,
        level="" if riskiest is None else riskiest.level,
        opened_by=actor,
        opened_at=now,
    )


def _of(case: ModerationCase, findings: Sequence[CaseFinding]) -> Sequence[CaseFinding]:
    for finding in findings:
        finding.case = case
    return findings


def _record(cases: Sequence[ModerationCase], *, now: datetime) -> None:
    """History, audit and mail of many new cases: two queries."""
    events = CaseEvent.objects.bulk_create(
        CaseEvent(case=case, step=CaseStep.OPENED, after=CaseState.OPEN, at=now) for case in cases
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            verb="case.opened",
            subject_type=case._meta.label_lower,
            subject_id=str(case.pk),
            subject_text=str(case)[:200],
            data={"ground": case.ground, "risk": case.risk},
        )
        for case in cases
    )
    tell(events)


def _refuse_a_second_case(creator: Creator) -> None:
    if creator.cases.filter(state__in=UNDER_REVIEW).exists():
        raise CaseOpenAlready
    in_force = creator.cases.filter(state__in=IN_FORCE).first()
    if in_force is None:
        return
    if Appeal.objects.filter(case=in_force, outcome=Appeal.Outcome.PENDING).exists():
        raise AppealPending
    if in_force.state == CaseState.SUSPENDED:
        raise SuspendedAlready
