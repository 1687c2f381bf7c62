"""Which header is which layout, and what is said of the others."""

import pytest

from accounts.importing.detection import read_header
from accounts.importing.errors import LayoutUnknown
from accounts.importing.layout import Kind
from accounts.importing.layouts import LAYOUTS

HEADERS = {
    "creators_catalogue": "creator_id,platform,bio,hashtags,location,followers,engagement_rate,"
    "comments_to_likes,verified,niches",
    "creators_douyin": "platform,creator_id,gender,region,tags,content_themes,followers,"
    "follower_change_15d,follower_change_30d,median_views_30d,median_interactions_30d,"
    "engagement_rate_30d,completion_rate_30d,expected_views,price_1_20s,price_21_60s,"
    "price_over_60s,currency",
    "creators_influencers": "influencer_id,bio,recent_captions",
    "creators_ranking": "username,market_influence_score,followers,account_avg_likes,"
    "total_posts_count,engagement_rate_60d,new_post_avg_likes,total_likes",
    "creators_own": "handle,platform,followers",
    "posts_tiktok": "platform,creator_id,creator_followers,video_id,caption,hashtags,"
    "published_at,observed_at,duration_s,views,likes,comments,shares,saves",
    "posts_douyin": "platform,creator_id,video_id,caption,published_at,views,likes,comments,"
    "shares,creator_followers",
    "posts_instagram": "platform,creator_id,creator_followers,following,caption,published_at,"
    "engagement_rate",
    "posts_own": "handle,platform,post_id,caption",
    "metrics_growth": "influencer_id,followers,avg_likes,avg_comments,follower_growth_last_30_days",
    "metrics_channels": "channel_id,category,week,new_followers,new_views",
    "metrics_videos": "video_id,date,category,views,likes,dislikes,comments",
    "metrics_series": "video_id,observed_at,views,likes,comments,shares",
    "metrics_series_days": "video_id,date,views,likes,comments",
    "metrics_posts": "handle,platform,post_id,observed_at,views,likes",
    "metrics_own": "handle,platform,day,followers",
    "followers_sample": "handle,platform,follower_id,taken_on,method,followers,following",
    "comments_own": "handle,platform,post_id,author,text",
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_layout_is_known_by_its_header(layout) -> None:  # type: ignore[no-untyped-def]
    found = read_header(HEADERS[layout.name], kind=layout.kind)
    assert found.layout is layout


def test_semicolons_tabs_and_capitals_do_not_hide_a_layout() -> None:
    for delimiter in ";\t":
        line = HEADERS["creators_catalogue"].upper().replace(",", delimiter)
        assert read_header(line, kind=Kind.CREATORS).delimiter == delimiter


def test_columns_of_no_use_are_told() -> None:
    header = read_header("handle,platform,shoe_size,followers", kind=Kind.CREATORS)
    assert header.unused == ["shoe_size"]


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        (HEADERS["posts_tiktok"], Kind.CREATORS, "import_posts"),
        (HEADERS["metrics_growth"], Kind.CREATORS, "import_metrics"),
        (HEADERS["creators_catalogue"], Kind.POSTS, "import_creators"),
        ("brand_id,brand_description,keywords", Kind.CREATORS, "manage.py analyze"),
        ("source,platform,followers,is_fake,detail", Kind.CREATORS, "manage.py train"),
        ("creator_id,platform,followers", Kind.CREATORS, "lacks: bio"),
        ("a,b,c", Kind.METRICS, "daily counts in Fairground's own layout: handle, platform, day"),
        ("handle,platform,handle", Kind.CREATORS, "handle more than once"),
        ('"quote', Kind.CREATORS, "no known layout"),
    ],
)
def test_other_headers_are_told_what_is_missing_or_where_to_go(
    line: str, kind: Kind, words: str
) -> None:
    with pytest.raises(LayoutUnknown) as caught:
        read_header(line, kind=kind)
    assert words in caught.value.message
