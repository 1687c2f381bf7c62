"""The log-ins of the demo market, for local trials only.

The addresses are under example.com, which nobody can receive mail at. `seeding.py` makes
no such log-in on a production set-up.
"""

PASSWORD = "fairground-demo"  # noqa: S105 (public on purpose; never made in production)

OWNER = "owner@example.com"
VIEWER = "viewer@example.com"
CREATOR = "creator@example.com"
MODERATOR = "moderator@example.com"
# Suspensions and appeals need somebody else than who decided before.
SECOND_MODERATOR = "second.moderator@example.com"
THIRD_MODERATOR = "third.moderator@example.com"
MODERATORS = (MODERATOR, SECOND_MODERATOR, THIRD_MODERATOR)

DEMO_LOGINS: list[tuple[str, str, str]] = [
    ("brand owner", OWNER, PASSWORD),
    ("brand viewer", VIEWER, PASSWORD),
    ("creator", CREATOR, PASSWORD),
    ("moderator", MODERATOR, PASSWORD),
    ("second moderator", SECOND_MODERATOR, PASSWORD),
    ("third moderator", THIRD_MODERATOR, PASSWORD),
]

# Team members who make the teams plausible; nobody can log in as them.
MANAGER = "manager@example.com"
SECOND_OWNER = "birch.owner@example.com"
SECOND_REVIEWER = "birch.reviewer@example.com"

OTHER_CREATORS = tuple(f"creator.{number}@example.com" for number in range(2, 8))

DEMO_ADDRESSES = (
    *OTHER_CREATORS,
    OWNER, VIEWER, CREATOR, *MODERATORS, MANAGER, SECOND_OWNER, SECOND_REVIEWER,
)  # fmt: skip
