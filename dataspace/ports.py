"""The ports: what the data space needs from the world, as contracts in prose.

Their suites are in `tests/contract`; every adapter passes the same one.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from dataspace.caller import Caller
from dataspace.change import Applied, ChangeSet, Recorded
from dataspace.errors import UploadDiffers
from dataspace.evidence import Divergence
from dataspace.quantity import Clock
from dataspace.selection import Found, Selection
from dataspace.text import Text

__all__ = [
    "Ability", "AnnouncedFile", "Assets", "Catalogue", "Clock", "DirectUpload", "Identity",
    "ListedAsset", "StoredAsset",
]  # fmt: skip


SIZE: Final = Text("its size", "大小")
SHA256: Final = Text("its SHA-256", "SHA-256 摘要")


class Catalogue(Protocol):
    """The memory of the data space.

    * `select` MUST answer in one statement, in the stated order, and MUST give an empty list
      and never null for an empty relation. It MUST refuse (SelectionTooLarge) a page or a facet
      over PAGE_MAX, a tree deeper than DEPTH_MAX and a lineage deeper than LINEAGE_DEPTH_MAX
      instead of cutting it short. What stands `beside` a selection MUST be in the same statement.
    * A position that was taken from a row stays valid when that row changes or is removed.
    * A name that the map does not know MUST be refused, as a KeyError: it is our mistake.
    * `apply` MUST be all or nothing, and durable when it returns. Every change's guard MUST be
      decided under the same lock that the change is written under.
    * Every change MUST make exactly one record of evidence in the same transaction; sequences
      MUST be gap-free from 1, also with many writing processes. The record's `state` and
      `owner` are those of the row after the change (before it, when it was removed).
    * A change that would leave the row as it is MUST still be recorded: it was done.
    * A reference to a row that does not exist after the batch MUST be refused, with
      ReferenceMissing, or with StillReferenced when the batch removed that row.
    * A value of a unique field that another row of the kind has MUST be refused with NotUnique.
    * A change of a row that another node published MUST be refused with KeptElsewhere, unless the
      change set is `of_feed`; before its guard is looked at.
    * A change of evidence MUST be Refused: the catalogue alone writes it, by `evidence.record`.
    * What is kept of the values that a change brings is what `change.kept` says; one that is
      not what its field says MUST be refused with ValuesInvalid.
    * `apply` with a change set id that was applied before MUST change nothing, and MUST be
      refused with ChangeSetDiffers when it says something else (`ChangeSet.said`). One that
      failed was not applied.
    * Search MUST match exactly the rows that `dataspace.search.matches` accepts of the texts
      that `dataspace.search.searched` gives.
    * Vendor errors MUST NOT escape: CatalogueUnavailable, CatalogueFull, CatalogueBroken.
    """

    async def select(self, selection: Selection) -> Found: ...

    async def apply(self, change_set: ChangeSet) -> Applied: ...

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        """Applied changes after `revision`, oldest first, at most `limit`."""
        ...

    async def divergences(self, first: int = 20) -> list[Divergence]:
        """Where what is answered from is not what the log of changes says, at most `first`.

        Rows, edges, kept versions and every index are compared with the records; the earliest
        record that is affected comes first, and last, with revision 0, what no record
        knows of. Whether the log itself holds is for `dataspace.evidence.Verifier` to say.

        Raises:  CatalogueBroken when the store cannot even be read.
        """
        ...

    async def ready(self) -> None:
        """Returns when the catalogue can answer. Raises:  Unavailable."""
        ...

    async def close(self) -> None: ...


class Identity(Protocol):
    """Says who a caller is.

    * `caller` MUST NOT use the network when the signing key is known; MUST refuse, each with
      its own code, a token of another issuer or audience, expired, not signed with an allowed
      algorithm, signed by an unknown key, or malformed. At most 60 s of leeway.
    * Who a caller is comes from the token only.
    """

    async def caller(self, token: str) -> Caller: ...

    async def ready(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredAsset:
    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ListedAsset:
    """A file as the store lists it; `stored_at` is by the store's own clock."""

    key: str
    bytes: int
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """What a file is that is yet to be sent; `sha256` in small hexadecimal digits."""

    bytes: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class DirectUpload:
    """How a file is sent to the store itself.

    By PUT the file is the body, sent with these `headers` and its length. By POST it is the last
    part, named `file` and of the announced type, of a form (multipart/form-data) of these `fields`.
    """

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


async def compared(announced: AnnouncedFile, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks as they come. Raises:  UploadDiffers, at the latest behind the last one."""
    size, digest = 0, hashlib.sha256()
    async for chunk in chunks:
        size += len(chunk)
        digest.update(chunk)
        if size > announced.bytes:
            break
        yield chunk
    if size != announced.bytes:
        raise UploadDiffers(what=SIZE)
    if digest.hexdigest() != announced.sha256:
        raise UploadDiffers(what=SHA256)


@dataclass(frozen=True, slots=True)
class Ability:
    """Something that not every store does, and what is lost where it does not."""

    name: str
    works: bool
    lost: Text


class Assets(Protocol):
    """Files, by key. Keys are made by us: letters, digits, `_`, `-` and `/`.

    * Another key MUST be refused with AssetKeyInvalid: an empty one, one over 200 characters, one
      that begins or ends with `/` or holds `//`.
    * `put` MUST NOT make a partial object visible, MUST compute the SHA-256 and the size on the
      way, and MUST refuse with AssetTooLarge as soon as `bytes_max` is passed. It replaces what
      is there: a reader that has begun goes on with what it began with.
    * `put` with `replace=False` MUST raise AssetAlreadyThere when there is a file, and of many
      that put at once exactly one MUST win.
    * `read` MUST give exactly the bytes asked for; `end_byte` is exclusive, and one behind the
      end means the end. AssetNotFound MUST be raised before the first byte, and so MUST
      RangeInvalid when `start_byte` is negative or behind the end, or `end_byte` before it.
    * `remove` MUST raise AssetNotFound when there is nothing, and so MUST `size`, `link` and
      `copy`.
    * A `link` stops working `seconds` after it was made.
    * An `upload` lets whoever holds it store, until its `seconds` are over, the file that was
      announced and no other: one of another size, type or SHA-256, or under another key, MUST be
      refused by the store itself, which keeps nothing of it. The same file may be sent again.
    * `copy` MUST make the whole file at once, in place of what is there; the copy stays what it is
      when the first file is replaced or removed.
    * `listing` MUST give every file whose key begins with `under` exactly once, in any order. What
      is put or removed meanwhile may be told or not; what is not yet whole MUST NOT be. Not every
      store lists `a/b` beside a file `a`: no key of ours may go on where another one ends.
    * `abilities` MUST say what was tried, not what was promised.
    * Vendor errors MUST NOT escape: AssetsUnavailable, AssetsFull.
    """

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset: ...

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]: ...

    async def size(self, key: str) -> int: ...

    async def remove(self, key: str) -> None: ...

    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """An address that gives the file to whoever holds it, until it expires."""
        ...

    async def upload(
        self, key: str, announced: AnnouncedFile, *, seconds: int, form: bool = False
    ) -> DirectUpload:
        """The way for one file from whoever holds it to the store; by a form when asked for."""
        ...

    async def copy(self, key: str, to: str) -> None:
        """Another file with the same content, made where the files are."""
        ...

    def listing(self, under: str = "") -> AsyncIterator[ListedAsset]:
        """Every file whose key begins with `under`."""
        ...

    async def abilities(self) -> Sequence[Ability]:
        """What this store does and does not of what stores differ in."""
        ...

    async def ready(self) -> None: ...
