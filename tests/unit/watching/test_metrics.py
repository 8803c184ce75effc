"""What a node tells Prometheus: of requests, fields, parts, queues, evidence and imports."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from dataspace.errors import AssetsUnavailable, CatalogueBroken, CatalogueUnavailable
from dataspace.quantity import written
from dataspace.selection import Found, Selection
from hub.api.schema import schema_for
from hub.node import Node
from hub.operations.evidence import Verified, verify
from hub.watching.backlog import QUEUES
from hub.watching.definitions import LABELS, MET, METRICS
from hub.watching.parts import ACTS
from hub.watching.verified import FILE, note_verified
from tests.build import (
    NOON,
    a_change_set,
    a_job_run,
    a_participant,
    a_resource,
    an_act,
    the_bureau,
)
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.promtool import needs_promtool, promtool
from tests.unit.api.asking import KnownTokens
from tests.unit.api.test_writing import given
from tests.unit.hub.ports import NoAssets, a_node
from tests.unit.operations.city import MARKET, RESOURCE, STEWARD
from tests.unit.watching.asking import TOKEN, asked, scraped

TOPICS = {"query": "{ topics { totalCount } anything: topics { nodes { name } } }"}
DRAFT = "mutation ($i: ResourceDraftInput!) { resourceDraft(input: $i) { problems { code } } }"


async def test_requests_are_counted_by_route_and_status() -> None:
    async with asked() as client:
        for path in ("/health/live", "/health/live", "/secret/of/alice", "/errors/limit.cost"):
            await client.get(path)
        await client.delete("/health/live")
        scrape = await scraped(client)
    count = "cityspace_requests_total"
    assert scrape.value(count, method="GET", route="/health/live", status="200") == 2
    assert scrape.value(count, method="GET", route="unmatched", status="404") == 1
    assert scrape.value(count, method="GET", route="/errors/{code}", status="200") == 1
    assert scrape.value(count, method="DELETE", route="/health/live", status="405") == 1
    timed = "cityspace_request_duration_seconds_count"
    assert scrape.value(timed, method="GET", route="/health/live") == 2
    assert "alice" not in scrape.text


async def test_nobody_can_make_up_a_series() -> None:
    async with asked() as client:
        before = len((await scraped(client)).samples)
        for at in range(50):
            await client.request(f"MADEUP{at}", f"/nowhere/{at}", headers={"x-own": str(at)})
            await client.post("/graphql", json={"query": f"{{ madeUp{at} {{ id }} }}"})
        after = await scraped(client)
    made_up = [each for each in after.samples if "adeup" in str(each.labels).lower()]
    assert made_up == []
    assert len(after.samples) - before < 100


async def test_root_fields_are_counted_by_the_names_of_the_schema() -> None:
    async with asked() as client:
        await client.post("/graphql", json=TOPICS)
        scrape = await scraped(client)
    fields = "cityspace_graphql_fields_total"
    assert scrape.value(fields, operation="query", field="topics", outcome="done") == 2
    timed = "cityspace_graphql_field_duration_seconds_count"
    assert scrape.value(timed, operation="query", field="topics") == 2
    query, mutation = schema_for("en").query_type, schema_for("en").mutation_type
    assert query
    assert mutation
    assert scrape.label_values("field") <= query.fields.keys() | mutation.fields.keys()


async def test_a_mutation_that_is_refused_is_told_from_one_that_is_done() -> None:
    node = replace(a_node(), identity=KnownTokens({"steward": STEWARD}))
    await node.catalogue.apply(a_change_set(the_bureau(), a_participant(MARKET)))
    steward = {"authorization": "Bearer steward"}
    async with asked(node) as client:
        for values in ({}, {"name": ""}):
            body = {"query": DRAFT, "variables": {"i": {"values": given(RESOURCE) | values}}}
            answer = (await client.post("/graphql", json=body, headers=steward)).json()
            assert "errors" not in answer, answer
        await client.post("/graphql", json=body)
        scrape = await scraped(client)
    count, field = "cityspace_graphql_fields_total", {"field": "resourceDraft"}
    assert scrape.value(count, operation="mutation", outcome="done", **field) == 1
    assert scrape.value(count, operation="mutation", outcome="refused", **field) == 2
    assert scrape.value("cityspace_statements_total", part="catalogue", act="apply", outcome="done")


async def test_statements_are_counted_by_part_and_outcome() -> None:
    class Away(DictionaryCatalogue):
        async def select(self, selection: Selection) -> Found:
            raise CatalogueUnavailable(service="Neo4j", detail="refused", retry_after_seconds=5)

    node = replace(a_node(), catalogue=Away())
    async with asked(node) as client:
        await client.post("/graphql", json=TOPICS, headers={"authorization": "Bearer anyone"})
        scrape = await scraped(client)
    count = "cityspace_statements_total"
    assert scrape.value(count, part="catalogue", act="select", outcome="unavailable") == 2
    assert scrape.value(count, part="identity", act="caller", outcome="done") == 1
    timed = "cityspace_statement_duration_seconds_count"
    assert scrape.value(timed, part="catalogue", act="select") == 2


async def test_a_part_that_is_away_shows_and_the_others_tell_on() -> None:
    class Away(NoAssets):
        async def ready(self) -> None:
            raise AssetsUnavailable(service="S3", detail="refused", retry_after_seconds=5)

    async with asked(replace(a_node(), assets=Away())) as client:
        scrape = await scraped(client)
    assert scrape.value("cityspace_part_ready", part="assets") == 0
    assert scrape.value("cityspace_part_ready", part="catalogue") == 1
    assert scrape.value("cityspace_queue_entries", queue="resource_decisions") == 0


async def test_what_waits_for_a_decision_is_a_queue_with_an_age() -> None:
    node = a_node()
    waiting = a_resource(
        "res_1", state="SUBMITTED", submitted_at=_before(node, seconds=7200), code="C1"
    )
    draft = a_resource("res_2", state="DRAFT", code="C2")
    await node.catalogue.apply(a_change_set(the_bureau(), waiting, draft))
    async with asked(node) as client:
        scrape = await scraped(client)
    name = {"queue": "resource_decisions"}
    assert scrape.value("cityspace_queue_entries", **name) == 1
    assert scrape.value("cityspace_queue_oldest_seconds", **name) == 7200
    assert scrape.label_values("queue") == {queue.name for queue in QUEUES}


async def test_evidence_lags_behind_until_it_is_verified(tmp_path: Path) -> None:
    node = a_node()
    an_hour_ago = an_act(at=_before(node, seconds=3600))
    await node.catalogue.apply(a_change_set(a_participant(act=an_hour_ago)))
    async with asked(node, data=tmp_path) as client:
        before = await scraped(client)
        note_verified(tmp_path, await verify(node.catalogue), node.clock.now())
        after = await scraped(client)
        note_verified(tmp_path, Verified(records=1, diverging=1), node.clock.now())
        broken = await scraped(client)
    assert before.value("cityspace_evidence_records") == 1
    assert before.value("cityspace_evidence_unverified_records") == 1
    assert before.value("cityspace_evidence_lag_seconds") == 3600
    assert before.value("cityspace_evidence_holds") is None
    assert after.value("cityspace_evidence_unverified_records") == 0
    assert after.value("cityspace_evidence_lag_seconds") == 0
    assert after.value("cityspace_evidence_holds") == 1
    assert broken.value("cityspace_evidence_holds") == 0
    assert broken.value("cityspace_evidence_lag_seconds") == 3600


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"holds": true, "records": null}'])
async def test_a_note_that_cannot_be_read_counts_for_nothing(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / FILE).write_text(spoilt)
    async with asked(data=tmp_path) as client:
        scrape = await scraped(client)
    assert scrape.value("cityspace_evidence_holds") is None
    assert scrape.value("cityspace_evidence_records") == 0


async def test_a_catalogue_that_is_broken_takes_only_its_own_numbers_along() -> None:
    class Broken(DictionaryCatalogue):
        async def select(self, selection: Selection) -> Found:
            raise CatalogueBroken(detail="malformed")

    async with asked(replace(a_node(), catalogue=Broken())) as client:
        scrape = await scraped(client)
    assert scrape.value("cityspace_queue_entries", queue="resource_decisions") is None
    assert scrape.value("cityspace_imports_running") == 0


async def test_every_metric_that_is_defined_is_told_with_its_labels(tmp_path: Path) -> None:
    note_verified(tmp_path, Verified(), a_node().clock.now())
    (tmp_path / "imports").mkdir()
    node = a_node()
    await node.catalogue.apply(a_change_set(a_job_run("J-X-4")))
    async with asked(node, data=tmp_path) as client:
        await client.post("/graphql", json=TOPICS)
        scrape = await scraped(client)
    told = [metric for metric in METRICS if metric not in MET]
    for metric in told:
        family = scrape.families[metric.name.removesuffix("_total")]
        labels = {name for sample in family.samples for name in sample.labels} - {"le"}
        assert (family.type, labels) == (metric.kind, set(metric.labels)), metric.name
    assert scrape.families.keys() == {metric.name.removesuffix("_total") for metric in told}


async def test_how_a_job_last_ran_is_told() -> None:
    node = a_node()
    broken = a_job_run("J-X-5", state="TIMED_OUT", finished=NOON)
    await node.catalogue.apply(a_change_set(a_job_run("J-X-4", failed=3), broken))
    async with asked(node) as client:
        scrape = await scraped(client)
    assert scrape.value("cityspace_job_failures", scheduled="J-X-4") == 3
    assert scrape.value("cityspace_job_failures", scheduled="J-X-5") == 1
    assert scrape.value("cityspace_job_duration_seconds", scheduled="J-X-4") == 60
    assert scrape.value("cityspace_job_last_success_timestamp_seconds", scheduled="J-X-5") is None
    assert scrape.value("cityspace_scheduler_lease_seconds") == 0


def test_every_label_is_explained() -> None:
    assert {label for metric in METRICS for label in metric.labels} == LABELS.keys()


def test_every_act_that_is_watched_is_one_of_its_part() -> None:
    node = a_node()
    for part, acts in ACTS.items():
        assert [act for act in acts if not callable(getattr(getattr(node, part.name), act))] == []


@needs_promtool
async def test_prometheus_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    async with asked(data=tmp_path) as client:
        await client.post("/graphql", json=TOPICS)
        scrape = await scraped(client)
    promtool("check", "metrics", given=scrape.text)


@pytest.mark.parametrize("client", ["10.1.2.3", "192.168.0.7", "2001:db8::1"])
async def test_without_a_token_only_this_machine_is_told(client: str) -> None:
    async with asked(client=client) as far:
        answer = await far.get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (403, "metrics.not_here")


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
async def test_a_proxy_on_this_machine_is_not_this_machine(name: str) -> None:
    async with asked() as client:
        answer = await client.get("/metrics", headers={name: "for=127.0.0.1"})
    assert answer.status_code == 403


async def test_with_a_token_the_token_alone_decides() -> None:
    given = {"CITYSPACE_METRICS_TOKEN": TOKEN}
    async with asked(client="10.1.2.3", **given) as far, asked(**given) as near:
        with_it = await far.get(
            "/metrics", headers={"authorization": f"Bearer {TOKEN}", "host": "10.0.0.9:8000"}
        )
        wrong = await far.get("/metrics", headers={"authorization": "Bearer another"})
        basic = await far.get("/metrics", headers={"authorization": f"Basic {TOKEN}"})
        without = await near.get("/metrics")
    assert with_it.status_code == 200
    assert [each.status_code for each in (wrong, basic, without)] == [401, 401, 401]
    assert without.json()["code"] == "metrics.token"
    assert without.headers["www-authenticate"].startswith("Bearer")


async def test_another_host_name_leads_to_the_metrics_only_with_a_token() -> None:
    foreign = {"host": "rebound.example", "authorization": f"Bearer {TOKEN}"}
    async with asked() as open_, asked(CITYSPACE_METRICS_TOKEN=TOKEN) as closed:
        answers: list[httpx2.Response] = [
            await open_.get("/metrics", headers=foreign),
            await closed.get("/metrics", headers=foreign),
            await closed.get("/health/live", headers=foreign),
        ]
    assert [each.status_code for each in answers] == [421, 200, 421]


def _before(node: Node, *, seconds: int) -> str:
    return written(node.clock.now() - timedelta(seconds=seconds))
