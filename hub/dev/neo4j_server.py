"""Neo4j Community: Maven's jars, started by its own entry point."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from hub.dev.cache import cache_folder, check_sha256, kept, run_tool, sha256_of_all
from hub.dev.process import Running, launch, port_of, secret_of, wait_until

VERSION = "5.26.30"
JARS_SHA256 = "b39dcc8742460b796812b2494bde19cb6474ab73862fe3ac9af878e5012afeb8"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cityspace</groupId><artifactId>neo4j</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""
# The two internal settings make a stop take 0.2 s instead of 5 to 11 s.
CONFIGURATION = """server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.bolt.tls_level={tls}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
server.memory.pagecache.size={cache}m
dbms.usage_report.enabled=false
db.tx_log.rotation.retention_policy=keep_none
db.tx_log.preallocate=false
internal.server.bolt.thread_pool_shutdown_wait_time=0s
internal.server.bolt.connection_shutdown_wait_time=0s
{more}"""
TLS = """dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory={certificate}
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
"""
JAVA = (
    "java", "-XX:+ExitOnOutOfMemoryError",
    "-Djdk.nio.maxCachedBufferSize=1024", "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8",
    "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
)  # fmt: skip
# What lives for minutes gains less from the thorough compiler, and from a collector with threads of
# its own, than those cost: without them a start takes half of the work, and planning a statement
# for the first time three fifths.
FOR_MINUTES = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
FOR_LONG = ("-XX:+UseG1GC",)
START_SECONDS_MAX = 240
CLASSES = "classes.jsa"
# What loads the classes of the planner and of a schema.
USUAL_STATEMENTS = (
    "CREATE CONSTRAINT FOR (a:A) REQUIRE a.id IS UNIQUE",
    "CREATE INDEX FOR (a:A) ON (a.x)",
    "UNWIND range(1, 9) AS x CREATE (a:A {id: x, x: x})-[:R]->(:B {id: x})",
    """MATCH (a:A) WHERE a.id > 3 AND a.x IS NOT NULL WITH a ORDER BY a.x LIMIT 5
    RETURN a.id, COUNT { (a)-[:R]->() }, COLLECT { MATCH (a)-[:R]->(b:B) RETURN b.id }""",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much memory a server takes; a `lasting` one is compiled as a city's would be, which pays
    after some minutes. The heap is never smaller than the cache of pages, which a city's server
    would have as large as its graph."""

    cache_megabytes: int = 128
    heap_megabytes: int = 512
    lasting: bool = False


USUAL = Size()
# A sub-space of the demonstration has some hundred rows, and three servers share one machine.
SMALL = Size(32, 192)


def obtain() -> Path:
    return kept(f"neo4j-{VERSION}", _download)


def prepare() -> Path:
    """Obtained, and its classes laid down as Java reads them fastest: a start then takes two thirds
    of the work. That takes as long as a start does, so nobody's first one waits for it."""
    kept(_classes(), _lay_classes_down)
    return obtain()


def start(
    folder: Path,
    *,
    port: int = 0,
    more: str = "",
    certificate: Path | None = None,
    size: Size = USUAL,
    java: tuple[str, ...] = (),
) -> Running:
    """A server whose data lie in `folder`; started again there, it has them still.

    `more` are further lines of its configuration, `java` further options of its machine;
    `certificate` is a folder with `private.key` and `public.crt`, without which nothing is
    encrypted. The address takes any certificate.
    """
    lib, home = obtain() / "lib", folder / "home"
    port, password = port or port_of(folder), secret_of(folder)
    first = not (home / "data" / "dbms").exists()  # where its password is
    for name in ("conf", "data", "logs", "run", "plugins", "import"):
        (home / name).mkdir(parents=True, exist_ok=True)
    tls = "REQUIRED" if certificate else "DISABLED"
    more += TLS.format(certificate=certificate) if certificate else ""
    configuration = CONFIGURATION.format(port=port, tls=tls, more=more, cache=size.cache_megabytes)
    (home / "conf" / "neo4j.conf").write_text(configuration)
    if first:
        _set_password(lib, home, password)
    scheme = "bolt+ssc" if certificate else "bolt"
    facts = {"address": f"{scheme}://127.0.0.1:{port}", "user": "neo4j", "password": password}
    entry = ("-cp", f"{lib}/*", "org.neo4j.server.CommunityEntryPoint")
    places = (f"--home-dir={home}", f"--config-dir={home / 'conf'}")
    heap = max(size.heap_megabytes, size.cache_megabytes)
    machine = (f"-Xms{heap}m", f"-Xmx{heap}m", *(FOR_LONG if size.lasting else FOR_MINUTES))
    command = [*JAVA, *machine, *(java or _with_classes()), *entry, *places]
    running = launch("neo4j", command, folder=folder, facts=facts)
    wait_until(running, lambda: _answers(facts), seconds=START_SECONDS_MAX)
    return running


def start_small(folder: Path) -> Running:
    """For the node of a sub-space: it answers as fast, in half of the memory."""
    return start(folder, size=SMALL)


def _classes() -> str:
    """Named by the Java that is here, for another one could not read them."""
    java = Path(shutil.which("java") or "java").resolve()
    seen = f"{java} {java.stat().st_mtime_ns}" if java.exists() else ""
    return f"neo4j-{VERSION}-classes-{hashlib.sha256(seen.encode()).hexdigest()[:12]}"


def _lay_classes_down(folder: Path) -> None:
    """Java writes at its end what it has loaded."""
    with TemporaryDirectory() as there:
        running = start(Path(there), java=(f"-XX:ArchiveClassesAtExit={folder / CLASSES}",))
        try:
            _ask_the_usual(running)
        finally:
            while running.alive:
                running.stop()


def _ask_the_usual(running: Running) -> None:
    login = (running.facts["user"], running.facts["password"])
    with GraphDatabase.driver(running.facts["address"], auth=login) as driver:
        for statement in USUAL_STATEMENTS:
            driver.execute_query(statement)


def _with_classes() -> tuple[str, ...]:
    archive = cache_folder() / "servers" / _classes() / CLASSES
    return (f"-XX:SharedArchiveFile={archive}",) if archive.exists() else ()


def _answers(facts: dict[str, str]) -> bool:
    """A login and a query, since the port opens before the database does."""
    login = (facts["user"], facts["password"])
    try:
        with (
            GraphDatabase.driver(facts["address"], auth=login) as driver,
            driver.session() as session,
        ):
            session.run("RETURN 1").consume()
    except (DriverError, Neo4jError):
        return False
    return True


def _set_password(lib: Path, home: Path, password: str) -> None:
    tool = ["java", "-cp", f"{lib}/*", "org.neo4j.cli.AdminTool"]
    run_tool(
        "Neo4j", [*tool, "dbms", "set-initial-password", password], folder=home,
        NEO4J_HOME=str(home), NEO4J_CONF=str(home / "conf"),
    )  # fmt: skip


def _download(folder: Path) -> None:
    (folder / "pom.xml").write_text(POM)
    run_tool(
        "Neo4j",
        ["mvn", "-B", "-ntp", "-q", "dependency:copy-dependencies",
         f"-DoutputDirectory={folder / 'lib'}", "-DincludeScope=runtime"],
        folder=folder,
    )  # fmt: skip
    jars = list((folder / "lib").glob("*.jar"))
    check_sha256("Neo4j", sha256_of_all(jars), expected=JARS_SHA256)
