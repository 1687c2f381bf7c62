"""Two people, or two runs, at the same moment: real connections, real locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import DomainError
from accounts.models import CaseEvent, Creator, ModerationCase, User
from scoring.moderation.appealing import file_appeal
from scoring.moderation.deciding import decide_case
from scoring.moderation.evidence import MAX_PIECES, add_evidence
from scoring.moderation.opening import open_cases
from tests.cast import NOW
from tests.scoring.moderation.conftest import give_account, say

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or which refusal it met, all begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def moderators() -> list[User]:
    # Superusers: emptying the tables after such tests takes the migration's group away.
    return [User.objects.create_superuser(f"m{n}@example.org") for n in range(2)]


@pytest.fixture
def creator() -> Creator:
    user = User.objects.create_user("carla@example.org", name="Carla")
    return Creator.objects.create(user=user, display_name="Carla")


@pytest.fixture
def case(creator: Creator) -> ModerationCase:
    [case] = open_cases(scores=[say(give_account(creator), 90.0)], now=NOW)
    return case


def test_two_moderators_decide_at_once_and_one_wins(
    case: ModerationCase, moderators: list[User]
) -> None:
    def decide(step: str, actor: User) -> Callable[[], object]:
        return lambda: (
            decide_case(case=case, step=step, reasons="Sure.", actor=actor, now=NOW).state
        )

    results = at_once(decide("dismiss", moderators[0]), decide("flag", moderators[1]))
    assert results.count("step_not_possible") == 1
    case.refresh_from_db()
    assert case.state in results
    assert CaseEvent.objects.exclude(step="opened").count() == 1
    wanted = {"dismissed": "active", "flagged": "flagged"}[case.state]
    assert Creator.objects.get().status == wanted


def test_two_runs_open_one_case(creator: Creator) -> None:
    score = say(give_account(creator), 90.0)

    def run() -> int:
        return len(open_cases(scores=[score], now=NOW))

    assert sorted(at_once(run, run)) == [0, 1]
    assert ModerationCase.objects.count() == 1


def test_two_appeals_at_once_leave_one(case: ModerationCase, moderators: list[User]) -> None:
    decide_case(case=case, step="flag", reasons="Sure.", actor=moderators[0], now=NOW)
    user = case.creator.user
    assert user is not None

    def appeal() -> str:
        return file_appeal(case=case, text="No.", actor=user, now=NOW).outcome

    assert sorted(map(str, at_once(appeal, appeal))) == ["appealed_before", "pending"]


def test_evidence_keeps_to_its_limit_from_two_windows(case: ModerationCase) -> None:
    user = case.creator.user
    assert user is not None

    def add() -> str:
        add_evidence(case=case, text="More.", links=[], actor=user, now=NOW)
        return "added"

    for _ in range(MAX_PIECES - 1):
        add()
    assert sorted(map(str, at_once(add, add))) == ["added", "too_much_evidence"]
