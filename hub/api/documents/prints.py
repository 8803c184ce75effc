"""The prints of documents that are asked for: made one at a time, and kept for a while."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dataspace.documents.certificate import sealed

KEPT_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Print:
    pdf: bytes
    sha256: str


@dataclass
class Prints:
    """Made one at a time, beside the loop, and kept while they are asked for."""

    address: str
    kept: OrderedDict[str, Print] = field(default_factory=OrderedDict)
    press: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, content: Mapping[str, Any]) -> Print:
        # What sets a page takes a sixth of a second to import: only where one is printed.
        from hub.api.documents.printing import printed

        own = sealed(content).sha256
        async with self.press:
            if own not in self.kept:
                pdf = await asyncio.to_thread(printed, content, address=self.address)
                self.kept[own] = Print(pdf, hashlib.sha256(pdf).hexdigest())
                if len(self.kept) > KEPT_MAX:
                    self.kept.popitem(last=False)
            self.kept.move_to_end(own)
            return self.kept[own]
