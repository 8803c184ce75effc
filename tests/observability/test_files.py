"""What operators load into Prometheus and Grafana speaks of metrics that a node tells."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.watching.definitions import METRICS
from tests.architecture.source import ROOT
from tests.promtool import needs_promtool, promtool

FOLDER = ROOT / "observability"
ALERTS, TESTS = FOLDER / "alerts.yaml", FOLDER / "alerts-test.yaml"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
NAME = re.compile(r"\b(?:cityspace|process)_\w+")
MATCHED = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
ALERT = re.compile(r"- alert: (\w+)")
OF_PROMETHEUS = {"instance", "job", "le"}
GRAFANAS = {"$__rate_interval": "5m", "$instance": ".*"}


def _panels() -> Iterator[dict[str, Any]]:
    return (panel for panel in DASHBOARD["panels"] if panel["type"] != "row")


def _asked() -> list[str]:
    return [target["expr"] for panel in _panels() for target in panel["targets"]]


def _rules() -> list[str]:
    """The expressions of the alert rules, as text."""
    text = ALERTS.read_text("utf-8")
    return re.findall(r"expr: (?:\|\n)?(.*?)\n\s+(?:for|labels):", text, re.DOTALL)


def _series() -> set[str]:
    histograms = {metric.name for metric in METRICS if metric.kind == "histogram"}
    parts = {name + part for name in histograms for part in ("_bucket", "_sum", "_count")}
    return {metric.name for metric in METRICS} - histograms | parts


def test_every_metric_that_is_asked_for_is_one_that_a_node_tells() -> None:
    asked = [name for text in (*_asked(), *_rules()) for name in NAME.findall(text)]
    assert len(asked) > 40
    assert [name for name in asked if name not in _series()] == []


def test_every_label_that_is_asked_for_is_one_that_its_metrics_have() -> None:
    for text in (*_asked(), *_rules()):
        known = {
            label for metric in METRICS for label in metric.labels if metric.name in text
        } | OF_PROMETHEUS  # fmt: skip
        grouped = {each.strip() for group in GROUPED.findall(text) for each in group.split(",")}
        assert {*MATCHED.findall(text), *grouped} <= known, text


def test_every_metric_is_on_the_dashboard() -> None:
    shown = " ".join(_asked())
    assert [metric.name for metric in METRICS if metric.name not in shown] == []


def test_panels_have_titles_in_both_languages_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
        }  # fmt: skip
        assert taken.isdisjoint(cells), panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    titles = [panel["title"] for panel in _panels()]
    assert [title for title in titles if not re.search(r"[a-z].*[\u4e00-\u9fff]|p95", title)] == []
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_alert_speaks_both_languages_is_tested_and_is_explained() -> None:
    text, tests = ALERTS.read_text("utf-8"), TESTS.read_text("utf-8")
    alerts = ALERT.findall(text)
    page = (ROOT / "docs" / "how-to" / "watch-a-node.md").read_text("utf-8")
    assert len(alerts) == len(set(alerts)) == text.count("summary: ") == text.count("summary_zh: ")
    assert len(_rules()) == len(alerts)
    for alert in alerts:
        fires = re.search(rf"alertname: {alert}\n\s+exp_alerts:", tests)
        rests = f"alertname: {alert}}}" in tests
        assert fires, alert
        assert rests, alert
        assert f"`{alert}`" in page, alert


@needs_promtool
def test_prometheus_takes_the_rules() -> None:
    assert "SUCCESS" in promtool("check", "rules", ALERTS)


@needs_promtool
def test_each_rule_fires_when_it_should_and_only_then() -> None:
    promtool("test", "rules", TESTS)


@needs_promtool
def test_prometheus_takes_what_the_dashboard_asks(tmp_path: Path) -> None:
    asked = []
    for text in _asked():
        for variable, value in GRAFANAS.items():
            text = text.replace(variable, value)
        asked.append(text)
    rules = [{"record": f"panel:{at}", "expr": text} for at, text in enumerate(asked)]
    path = tmp_path / "panels.yaml"
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    promtool("check", "rules", path)
