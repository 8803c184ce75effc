"""The whole of it, in one go: what comes later rests on what came before."""

import json
import os
import secrets
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.browsing import opened
from tests.e2e.chain.city import City
from tests.e2e.chain.member import Member, Voice
from tests.e2e.chain.story import Story
from tests.e2e.running_hub import cityspace, free_port


def tell(city: City, story: Story, folder: Path) -> None:
    finance, energy = (
        Member(profile, folder / profile, free_port(), city.servers(profile))
        for profile in ("finance", "energy")
    )
    page = _signed_in(city, story, "admin2")
    node = story.joins(finance, lambda id_: story.approves(page, id_))
    story.joins(energy, story.admits)
    with energy.serving():
        with finance.serving() as running:
            story.comes_online(node, told="online")
            product = story.is_found(status="ONLINE", told="published")
            story.is_read_in_chinese(status="ONLINE")
            story.lets_people_in(finance, "admin2")
            story.goes_away(running, node)
            story.is_read_in_chinese(status="OFFLINE")
        price = product["priceFen"] + 100 + secrets.randbelow(1000)
        finance.sets_aside("product", product["id"], {"price_fen": price})
        with finance.serving():
            story.comes_online(node, told="online after the restart")
            story.catches_up(price)
            voice = Voice(finance)
            story.is_cut_off(node, voice, other=energy)
            story.is_told_why(finance)
            story.is_read_in_chinese(status="ISOLATED")
            story.leaves(finance, node)
            story.has_left(node, voice, other=energy)
    for each in (finance, energy):
        each.does("evidence", "verify")
    if noted := os.environ.get("TAKE_TIMES"):
        Path(noted).write_text(json.dumps(city.took, ensure_ascii=False, indent=1), "utf-8")


def verify(city: City, environ: dict[str, str]) -> None:
    data = ("--data", str(city.hub.data))
    said = cityspace("evidence", "verify", *data, environ=environ, seconds=600)
    assert said.returncode == 0, said.stdout + said.stderr


def _signed_in(city: City, story: Story, person: str) -> Page:
    context = story.browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = opened(context.new_page(), f"{city.address}/graphql")
    city.sign_in(page, person)
    return page
