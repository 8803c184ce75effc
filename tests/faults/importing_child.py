"""Imports in processes of their own, to be killed, starved or raced.

Each line of the input is an order: catalogue, file, where to write the answer, and how many
bytes a file may have (0 for any number). It is carried out in a fork of this process, so that
starting one costs nothing; the fork's process id is said when it begins, "ended" when it ended.
"""

import asyncio
import json
import os
import resource
import signal
import sys
from pathlib import Path

from dataspace.errors import DataSpaceError
from graph.sqlite_catalogue import SqliteCatalogue
from hub.imports import run as importing
from hub.imports.readers import socrata  # noqa: F401  (loaded once, before the forks)
from tests.importing import a_node

importing.BATCH_ROWS_MAX = 20  # more moments between batches to be killed at


async def run(catalogue_path: Path, path: Path) -> dict[str, object]:
    try:
        catalogue = await SqliteCatalogue.open(catalogue_path)
        options = importing.ImportOptions(folder=catalogue_path.parent / "imports")
        report = await importing.run_import(a_node(catalogue), path, options, lambda _: None)
        await catalogue.close()
    except DataSpaceError as error:
        return {"code": error.code}
    return report.as_object()


def carry_out(catalogue: str, path: str, answer: str, bytes_max: int) -> None:
    if bytes_max:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))
    Path(answer).write_text(json.dumps(asyncio.run(run(Path(catalogue), Path(path)))))


def main() -> None:
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            carry_out(*json.loads(line))
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
