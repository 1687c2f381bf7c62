"""Every layout an importer knows, one table a module."""

from accounts.importing.layout import Layout
from accounts.importing.layouts import (
    comments_own,
    creators_catalogue,
    creators_douyin,
    creators_influencers,
    creators_own,
    creators_ranking,
    followers_sample,
    metrics_channels,
    metrics_growth,
    metrics_own,
    metrics_posts,
    metrics_series,
    metrics_videos,
    posts_douyin,
    posts_instagram,
    posts_own,
    posts_tiktok,
)

LAYOUTS: tuple[Layout, ...] = (
    creators_catalogue.LAYOUT,
    creators_douyin.LAYOUT,
    creators_influencers.LAYOUT,
    creators_ranking.LAYOUT,
    creators_own.LAYOUT,
    posts_tiktok.LAYOUT,
    posts_douyin.LAYOUT,
    posts_instagram.LAYOUT,
    posts_own.LAYOUT,
    metrics_growth.LAYOUT,
    metrics_channels.LAYOUT,
    metrics_videos.LAYOUT,
    metrics_series.LAYOUT,
    metrics_series.DAYS,
    metrics_posts.LAYOUT,
    metrics_own.LAYOUT,
    followers_sample.LAYOUT,
    comments_own.LAYOUT,
)
