"""What a request to another node carries on of the one that it is made for: its trace, its id."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

Outgoing = Callable[[str, str], AbstractContextManager[Mapping[str, str]]]
"""Around one request, by its method and its path without the query; gives headers to send along.

They are not signed: who traces a request on its way may replace them (W3C Trace Context).
"""


@contextmanager
def alone(method: str, path: str) -> Iterator[Mapping[str, str]]:
    """Carries nothing on."""
    yield {}
