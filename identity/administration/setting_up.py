"""Making the realm what it must be, and saying where it is not: the same comparison does both."""

from collections.abc import Callable, Sequence

from identity.administration.comparison import Difference
from identity.administration.places import Part
from identity.administration.service import Service
from identity.refusals import RealmDrifted

PLACES_SHOWN = 5


async def drift(service: Service, parts: Sequence[Part]) -> list[Difference]:
    """Everything that differs; nothing is changed.

    Raises:  IdentityUnavailable, AdministrationRefused.
    """
    with service.reading():
        return [each for part in parts for each in await part.differences(service)]


async def set_up(
    service: Service, parts: Sequence[Part], tell: Callable[[Difference], None]
) -> int:
    """Writes the parts that differ, telling each difference first; how many there were.

    A run that was interrupted is completed by the next; one after a whole run finds nothing.

    Raises:  IdentityUnavailable, AdministrationRefused, AccountRefused.
    """
    with service.reading():
        return sum([await _put_right(service, part, tell) for part in parts])


async def _put_right(service: Service, part: Part, tell: Callable[[Difference], None]) -> int:
    found = await part.differences(service)
    for each in found:
        tell(each)
    if found:
        await part.write(service)
    return len(found)


async def check(service: Service, parts: Sequence[Part]) -> None:
    """Raises:  RealmDrifted, and what `drift` raises."""
    if found := await drift(service, parts):
        places = "; ".join(str(each) for each in found[:PLACES_SHOWN])
        raise RealmDrifted(count=len(found), places=places)
