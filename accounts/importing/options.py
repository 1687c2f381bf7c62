"""What a person may choose about an import."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accounts.models import Platform


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """``platform`` counts only for layouts that do not tell; ``as_of`` only for undated facts.

    ``skip_bad`` is where the refused rows go; without it one bad row refuses the file.
    ``refresh`` starts a job that embeds and scores what changed, in the same transaction.
    """

    dry_run: bool = False
    skip_bad: Path | None = None
    encoding: str = "utf-8"
    platform: str = Platform.INSTAGRAM.value
    as_of: date | None = None
    refresh: bool = False
