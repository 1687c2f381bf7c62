"""Who follows an account, as far as it is known."""

from typing import Final

from accounts.models import AudienceSnapshot, Provenance, SocialAccount
from scoring.justifying.documents import Figure, Section, Unit
from scoring.selectors import current_audiences

LARGEST: Final = 4
GROUPS: Final = (("countries", "Countries"), ("age", "Age"), ("gender", "Gender"))


def audience_section(account: SocialAccount) -> Section:
    """The largest shares of each group of the newest snapshot. One query."""
    title = "Audience"
    snapshot = current_audiences([account.pk]).get(account.pk)
    if snapshot is None or not any(getattr(snapshot, group) for group, _ in GROUPS):
        return Section(
            name="audience", title=title, unknown="Who follows this account is not on record."
        )
    figures = [
        _share(snapshot, group, label, name, share)
        for group, label in GROUPS
        for name, share in _largest(getattr(snapshot, group))
    ]
    return Section(name="audience", title=title, figures=figures)


def _largest(shares: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda one: (-one[1], one[0]))[:LARGEST]


def _share(snapshot: AudienceSnapshot, group: str, label: str, name: str, share: float) -> Figure:
    provenance = Provenance(snapshot.provenance)
    return Figure(
        name=f"{group}:{name}"[:80],
        label=f"{label}: {name}",
        unit=Unit.SHARE,
        value=share,
        source=f"{provenance.label}; no interval is known",
        as_of=snapshot.day.isoformat(),
        simulated=provenance == Provenance.SIMULATED,
    )
