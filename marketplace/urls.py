"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from marketplace import health
from marketplace.pages import (
    brief_templates,
    briefs,
    campaigns,
    collaboration_list,
    creator_search,
    creators,
    disputes,
    errors,
    growth,
    hiding,
    home,
    ideal_creators,
    imports,
    inviting,
    jobs,
    messages,
    moderation,
    money,
    niches,
    open_campaigns,
    posts,
    recommended,
    results,
    reviews,
    saved_searches,
    shortlist_addresses,
    teams,
    why_not,
)
from marketplace.pages.collaborations import addresses as collaborations
from marketplace.pages.notifying import addresses as notifying

urlpatterns = [
    path("", home.home, name="home"),
    path("brand/find/", briefs.new_brief, name="brief_new"),
    path("brand/campaigns/", campaigns.campaigns, name="campaigns"),
    path("brand/campaigns/<int:campaign_id>/", briefs.campaign, name="campaign"),
    path("brand/campaigns/<int:campaign_id>/why-not/", why_not.why_not, name="why_not"),
    path(
        "brand/campaigns/<int:campaign_id>/settings/",
        campaigns.campaign_settings,
        name="campaign_settings",
    ),
    path("brand/campaigns/<int:campaign_id>/copy/", campaigns.campaign_copy, name="campaign_copy"),
    path(
        "brand/campaigns/<int:campaign_id>/template/",
        campaigns.campaign_template,
        name="campaign_template",
    ),
    path(
        "brand/campaigns/<int:campaign_id>/moves/<slug:name>/",
        campaigns.campaign_move,
        name="campaign_move",
    ),
    path("brand/templates/", brief_templates.brief_templates, name="brief_templates"),
    path(
        "brand/templates/<int:template_id>/start/",
        brief_templates.brief_template_start,
        name="brief_template_start",
    ),
    path(
        "brand/templates/<int:template_id>/delete/",
        brief_templates.brief_template_delete,
        name="brief_template_delete",
    ),
    path("open-campaigns/", open_campaigns.open_campaigns, name="open_campaigns"),
    path("open-campaigns/<int:campaign_id>/", open_campaigns.open_campaign, name="open_campaign"),
    *recommended.urlpatterns,
    path("brand/join/<str:token>/", teams.join, name="join"),
    path("brand/<int:brand_id>/team/", teams.team, name="team"),
    path("brand/<int:brand_id>/team/invite/", teams.invite, name="team_invite"),
    path(
        "brand/<int:brand_id>/team/invitations/<int:invitation_id>/revoke/",
        teams.revoke_invitation,
        name="team_revoke",
    ),
    path(
        "brand/<int:brand_id>/team/<int:membership_id>/role/", teams.change_role, name="team_role"
    ),
    path(
        "brand/<int:brand_id>/team/<int:membership_id>/remove/",
        teams.remove_member,
        name="team_remove",
    ),
    path("brand/<int:brand_id>/money/", money.brand_money, name="brand_money"),
    path("brand/<int:brand_id>/money/deposit/", money.deposit, name="brand_deposit"),
    path("brand/<int:brand_id>/money/withdraw/", money.withdraw, name="brand_withdraw"),
    path(
        "brand/<int:brand_id>/money/statement.<slug:form>",
        money.brand_statement_file,
        name="brand_statement",
    ),
    path("creators/<int:creator_id>/money/", money.creator_money, name="creator_money"),
    path("creators/<int:creator_id>/money/payout/", money.ask_payout, name="creator_payout"),
    path(
        "creators/<int:creator_id>/money/payout/<int:payment_id>/take-back/",
        money.take_payout_back,
        name="creator_payout_cancel",
    ),
    path(
        "creators/<int:creator_id>/money/statement.<slug:form>",
        money.creator_statement_file,
        name="creator_statement",
    ),
    path(
        "brand/campaigns/<int:campaign_id>/report/", results.campaign_report, name="campaign_report"
    ),
    path(
        "brand/campaigns/<int:campaign_id>/report.csv",
        results.campaign_report_csv,
        name="campaign_report_csv",
    ),
    path(
        "collaborations/<int:collaboration_id>/results/",
        results.collaboration,
        name="collaboration_results",
    ),
    *hiding.PATTERNS,
    *ideal_creators.PATTERNS,
    path("creators/", creators.creators, name="creators"),
    path("creators/<int:creator_id>/", creators.creator, name="creator"),
    *creator_search.urlpatterns,
    *saved_searches.urlpatterns,
    path("creators/<int:creator_id>/invite/", inviting.creator_invite, name="creator_invite"),
    path("creators/accounts/<int:account_id>/growth/", growth.explain, name="growth"),
    path("creators/growth/<int:event_id>/withdraw/", growth.withdraw, name="growth_withdraw"),
    path("creators/<int:creator_id>/posts/<int:post_id>/", posts.post, name="post"),
    path("collaborations/", collaboration_list.collaborations, name="collaborations"),
    *shortlist_addresses.PATTERNS,
    *messages.PATTERNS,
    *collaborations.PATTERNS,
    path(
        "collaborations/<int:collaboration_id>/dispute/",
        disputes.dispute,
        name="collaboration_dispute",
    ),
    path(
        "collaborations/<int:collaboration_id>/dispute/evidence/",
        disputes.evidence,
        name="collaboration_dispute_evidence",
    ),
    path(
        "collaborations/<int:collaboration_id>/dispute/withdraw/",
        disputes.withdraw,
        name="collaboration_dispute_withdraw",
    ),
    path(
        "collaborations/<int:collaboration_id>/review/",
        reviews.review,
        name="collaboration_review",
    ),
    path("cases/<int:case_id>/", moderation.case, name="case"),
    path("cases/<int:case_id>/evidence/", moderation.case_evidence, name="case_evidence"),
    path("cases/<int:case_id>/appeal/", moderation.case_appeal, name="case_appeal"),
    *notifying.urlpatterns,
    *niches.PATTERNS,
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/import/", imports.upload, name="import"),
    path("jobs/refresh/", jobs.refresh, name="refresh_catalogue"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="job_retry"),
    path("jobs/<int:job_id>/refused-rows/", jobs.refused_rows, name="job_refused_rows"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/", include("marketplace.api.urls")),
    path("health/", include(health.urls())),
    path("metrics", include("django_prometheus.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
