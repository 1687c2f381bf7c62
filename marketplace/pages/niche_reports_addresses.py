"""Pages of the part: niche strategy reports."""

from marketplace.pages.niche_reports import PATTERNS

urlpatterns = PATTERNS
