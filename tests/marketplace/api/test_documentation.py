"""docs/api.md says what is true: each of its curl commands is run."""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Creator, SocialAccount
from campaigns.models import Campaign, Payment
from campaigns.payments.sweeping import sweep_payments
from marketplace.demo import cast
from marketplace.demo.market import generate_market
from marketplace.demo.seeding import seed_market

TEXT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
HOST = "http://localhost:8000"
TITLE = "## A collaboration from brief to paid\n"
BEFORE, _, REST = TEXT.partition(TITLE)
STORY, _, AFTER = REST.partition("\n## ")
BLOCK = re.compile(r"```sh\n(curl .*?)```", flags=re.DOTALL)
COMMANDS = BLOCK.findall(BEFORE + AFTER)
# A line such as “TERMS=…  # offers[0].terms_hash” says where in the answer a value is.
TAKEN = re.compile(r"^([A-Z]+)=… +# ([\w.\[\]]+).*$", flags=re.MULTILINE)


def run(client: Client, command: str, token: str) -> Any:
    """What curl would send, sent to the application."""
    words = shlex.split(command.replace("\\\n", " ").replace("$TOKEN", token))
    method, headers, body, address = "", {}, None, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        elif word != "-s":
            address = word
    assert address.startswith(HOST)
    kind = headers.pop("Content-Type", "application/octet-stream")
    assert (kind == "application/json") == (body is not None)
    return client.generic(
        method or ("POST" if body else "GET"),
        address.removeprefix(HOST),
        body or "",
        content_type=kind,
        headers=headers,
    )


@pytest.fixture
def renumbered(db: None) -> dict[str, str]:
    """The demo market, and its ids for the numbers a fresh one would have."""
    seed_market(creators=30, seed=7, now=timezone.now())
    creator = Creator.objects.order_by("pk")[1].pk
    shop = SocialAccount.objects.filter(platform="douyin").order_by("pk")[0].creator_id
    campaign, _, _, on_douyin = Campaign.objects.order_by("pk").values_list("pk", flat=True)[:4]
    brand = Campaign.objects.get(pk=campaign).brand_id
    return {
        "camp_1": f"camp_{campaign}",
        "infl_2": f"infl_{creator}",
        "infl_3": f"infl_{shop}",
        "creators/1/": f"creators/{creator}/",
        "briefs/1/": f"briefs/{campaign}/",
        "campaigns/1/": f"campaigns/{campaign}/",
        "campaigns/4/": f"campaigns/{on_douyin}/",
        "brands/1/": f"brands/{brand}/",
        "creator=1": f"creator={creator}",
        "ids=1,2,3": f"ids={creator},{shop}",
        '"creator_id": 1': f'"creator_id": {creator}',
    }


def test_every_command_of_the_guide_works(renumbered: dict[str, str]) -> None:
    client = Client()
    login, *others = COMMANDS
    token = run(client, login, "").json()["meta"]["session_token"]
    assert len(others) == 23
    for command in others:
        # In one pass: a real number may begin like one that the guide writes.
        real = re.sub(
            "|".join(map(re.escape, renumbered)), lambda found: renumbered[found[0]], command
        )
        response = run(Client(), real, token)
        assert response.status_code in {200, 201}, (command, response.content)


def taken(answer: Any, path: str) -> Any:
    for step in re.findall(r"\w+", path):
        answer = answer[int(step) if step.isdigit() else step]
    return answer


def test_a_collaboration_is_paid_by_the_commands_of_the_guide(db: None) -> None:
    seed_market(creators=30, seed=7, now=timezone.now())
    login, values = COMMANDS[0], {"API": f"{HOST}/api/v1"}
    for name, email in (("BRAND", cast.OWNER), ("CREATOR", cast.CREATOR)):
        answer = run(Client(), login.replace(cast.OWNER, email), "").json()
        values[name] = answer["meta"]["session_token"]
    for name, days in (("DRAFT", 10), ("PUBLISH", 20)):
        values[name] = str(timezone.now().date() + timedelta(days=days))
    steps = BLOCK.findall(STORY)
    assert len(steps) == 13
    answer = {}
    for step in steps:
        command = TAKEN.sub("", step)
        real = re.sub(r"\$([A-Z]+)", lambda found: values[found[1]], command)
        response = run(Client(), real, "")
        assert response.status_code in {200, 201}, (command, response.content)
        answer = response.json()
        for name, path in TAKEN.findall(step):
            if name == "ID":
                rows = {row["campaign"]["title"]: row for row in answer["results"]}
                answer, path = rows["A stove for long trails"], "id"
            values[name] = str(taken(answer, path))
    assert (answer["state"], answer["money"]["credited_minor"]) == ("completed", 88_000)
    for _ in range(3):
        sweep_payments(now=timezone.now())
    assert Payment.objects.get(pk=values["PAYMENT"]).state == "paid"


def test_the_guide_shows_the_log_in_that_is_made() -> None:
    assert (cast.OWNER, cast.PASSWORD) in {
        (body["email"], body["password"])
        for body in (json.loads(found) for found in re.findall(r"-d '(\{\"email\".*?\})'", TEXT))
    }


def test_the_demo_market_has_the_third_creator_on_douyin() -> None:
    """So that the price example works on a fresh market as it stands."""
    market = generate_market(creators=400, seed=7, today=timezone.now().date())
    assert market.creators[2].person.platforms == ("douyin",)
