"""The answer key: which accounts cheat. It is a file because no query may ever reach it."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from marketplace.demo.market import Market, SimulatedAccount, SimulatedPost


def build_answer_key(market: Market) -> dict[str, Any]:
    """For each account the plant, or None, and the honest jumps that look like one."""
    return {
        "note": "Simulated market: planted frauds, for measuring scores. No feature reads this.",
        "seed": market.seed,
        "today": market.today.isoformat(),
        "creators": len(market.creators),
        "accounts": [_answer(account, market) for account in market.accounts],
    }


def write_answer_key(path: Path, key: dict[str, Any]) -> None:
    """Write or replace the file in one step. :raises OSError: if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(key, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(draft, path)


def _answer(account: SimulatedAccount, market: Market) -> dict[str, Any]:
    first = market.today - timedelta(days=len(account.followers) - 1)
    fraud = account.fraud
    return {
        "platform": account.platform,
        "handle": account.handle,
        "fraud": fraud and str(fraud.kind),
        "starts_on": fraud and (first + timedelta(days=fraud.starts)).isoformat(),
        "strength": fraud and round(fraud.strength, 4),
        "bots": fraud and round(float(fraud.bots[-1])),
        "viral_on": [(first + timedelta(days=jump.day)).isoformat() for jump in account.jumps],
        "followed_posts": [_of_post(post) for post in account.posts if len(post.counts) > 2],
    }


def _of_post(post: SimulatedPost) -> dict[str, Any]:
    """What was bought for a post that is counted by the hour, and the hours it came in."""
    bought = post.bought
    return {
        "post": post.external_id,
        "bought": bought and str(bought.kind),
        "amount": bought and bought.amount,
        "hours": bought
        and [(post.published_at + timedelta(hours=hour)).isoformat() for hour in bought.hours],
    }
