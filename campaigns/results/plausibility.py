"""What is implausible about an observation. Pure; the figures themselves are left as they came."""

from collections.abc import Mapping

from campaigns.horizons import COUNTS

Counts = Mapping[str, int | None]

# The second cannot exceed the first by what they count.
BOUNDS = (
    ("views", "likes"),
    ("views", "comments"),
    ("views", "shares"),
    ("views", "saves"),
    ("impressions", "reach"),
    ("impressions", "clicks"),
)


def list_warnings(counts: Counts, *, before: Counts | None, after: Counts | None) -> list[str]:
    """Sentences about counts that contradict each other or their neighbours in time.

    :param before: the counts of the latest earlier observation of the same provenance.
    :param after: those of the earliest later one, when this one comes out of order.
    """
    warnings = [
        f"More {smaller} ({fewer:,}) than {larger} ({most:,})."
        for larger, smaller in BOUNDS
        for most, fewer in [(counts.get(larger), counts.get(smaller))]
        if most is not None and fewer is not None and fewer > most
    ]
    for name in COUNTS:
        now = counts.get(name)
        if now is None:
            continue
        earlier = before.get(name) if before else None
        later = after.get(name) if after else None
        if earlier is not None and now < earlier:
            warnings.append(f"Fewer {name} ({now:,}) than the observation before had ({earlier:,})")
        if later is not None and now > later:
            warnings.append(f"More {name} ({now:,}) than a later observation has ({later:,})")
    return [f"{warning.rstrip('.')}." for warning in warnings]
