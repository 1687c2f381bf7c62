"""What a collaboration's row keeps of its pieces of work, so that lists need not ask them."""

from datetime import timedelta

import pgtrigger
from django.db.models import Case, CharField, Value, When

from campaigns.states import DELIVERABLE_TRANSITIONS, STAGES, Stage


def stage_of(field: str) -> Case:
    """The stage of the state in ``field``."""
    return Case(
        *(
            When(**{f"{field}__in": [state.value for state in states]}, then=Value(stage.value))
            for stage, states in STAGES.items()
        ),
        default=Value(Stage.DONE.value),
        output_field=CharField(max_length=8),
    )


_REVISION = DELIVERABLE_TRANSITIONS["request_revision"].lasts or timedelta()
# A piece that is late has no deadline any more (`timers` cleared it), but it was due.
_DUE = f"""coalesce(piece.deadline_at, NEW.stood_still + CASE piece.state
                        WHEN 'pending' THEN (piece.draft_due_on + 1)::timestamp AT TIME ZONE 'UTC'
                        WHEN 'approved' THEN (piece.publish_by + 1)::timestamp AT TIME ZONE 'UTC'
                        WHEN 'revision_requested'
                            THEN piece.updated_at + interval '{_REVISION.days} days'
                    END)"""

SUMMARY = pgtrigger.Trigger(
    name="collaboration_summary",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("work", "record")],
    func=f"""
        IF TG_OP = 'INSERT' THEN
            SELECT campaign.brand_id INTO NEW.brand_id
            FROM campaigns_campaign campaign WHERE campaign.id = NEW.campaign_id;
        END IF;
        NEW.brand_acts := NEW.acting_side IN ('brand', 'both');
        NEW.creator_acts := NEW.acting_side IN ('creator', 'both');
        NEW.due_at := NEW.deadline_at;
        IF NEW.state = 'active' THEN
            SELECT coalesce(bool_or(piece.acting_side IN ('brand', 'both')), false) AS of_brand,
                coalesce(bool_or(piece.acting_side IN ('creator', 'both')), false) AS of_creator,
                min({_DUE}) AS due_at
            INTO work
            FROM campaigns_deliverable piece
            WHERE piece.collaboration_id = NEW.id AND piece.acting_side <> '';
            NEW.brand_acts := NEW.brand_acts OR work.of_brand;
            NEW.creator_acts := NEW.creator_acts OR work.of_creator;
            NEW.due_at := least(NEW.due_at, work.due_at);
        END IF;
        RETURN NEW;
    """,  # noqa: S608 (from the table of transitions)
)
RENEW_SUMMARY = pgtrigger.Trigger(
    name="deliverable_renews_summary",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    # Whoever moves a piece holds its collaboration's row (`delivering`, `timers`, `cancelling`).
    func="""
        UPDATE campaigns_collaboration
        SET updated_at = greatest(updated_at, NEW.updated_at)
        WHERE id = NEW.collaboration_id AND state = 'active';
        RETURN NULL;
    """,
)
