"""The READMEs' table of what is proven on which adapter, from the last tally of the tests."""

import json
import re
from pathlib import Path

from dataspace.text import Language, Text
from docs.generate.markdown import table
from hub.parts import ASSETS, CATALOGUE, IDENTITY

ROOT = Path(__file__).parents[2]
TALLY = ROOT / "docs" / "reference" / "proven.json"
PLACE = re.compile(r"(<!-- proven: [^>]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)
PORTS = {each.name: each.text for each in (CATALOGUE, IDENTITY, ASSETS)}
ADAPTERS = {
    "SQLite": Text("SQLite, in the process", "SQLite（进程内）"),
    "Neo4j": Text("Neo4j 5.26", "Neo4j 5.26"),
    "embedded": Text("an issuer in the process", "签发方（进程内）"),
    "Keycloak": Text("Keycloak 26.7", "Keycloak 26.7"),
    "folder": Text("a folder", "文件夹"),
    "SeaweedFS": Text("S3: SeaweedFS 4.48", "S3：SeaweedFS 4.48"),
    "MinIO": Text("S3: MinIO", "S3：MinIO"),
}
SUITES = {
    "contract": Text("contract of the port", "端口契约"),
    "faults": Text("faults", "故障"),
    "e2e": Text("end to end", "端到端"),
}
HEAD = (Text("port", "端口"), Text("on", "实现"))


def readmes() -> dict[Path, str]:
    """Both, with the table that the tally gives."""
    pages: dict[Path, Language] = {ROOT / "README.md": "en", ROOT / "README.zh.md": "zh"}
    return {path: _told(path.read_text("utf-8"), language) for path, language in pages.items()}


def _told(page: str, language: Language) -> str:
    return PLACE.sub(lambda found: found[1] + _table(language) + found[3], page)


def _table(language: Language) -> str:
    passed: dict[str, int] = json.loads(TALLY.read_text("utf-8"))
    head = [each.to(language) for each in (*HEAD, *SUITES.values())]
    places = dict.fromkeys(tuple(name.split("/")[:2]) for name in passed)
    rows = (
        (
            PORTS[port].to(language),
            ADAPTERS[adapter].to(language),
            *(passed.get(f"{port}/{adapter}/{suite}", "–") for suite in SUITES),
        )
        for port, adapter in sorted(places, key=lambda each: list(ADAPTERS).index(each[1]))
    )
    return table(head, rows)
