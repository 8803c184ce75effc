"""The file of a paper, sent by whoever may change the object that the paper goes with.

It comes through the hub, by the same rights and in the same states as a change of the papers. What
it is, is judged by its content: a file of another form, or not the one that was announced, is not
kept, and nothing is changed by it. Its SHA-256 stands in the evidence of the change.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from dataspace.caller import Caller
from dataspace.errors import (
    AssetsUnavailable,
    CatalogueUnavailable,
    ChangeSetDiffers,
    DataSpaceError,
    NotFound,
)
from dataspace.identifiers import new_id
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.forms import EMPTY, OTHER, PaperRefused, form_of, form_of_archive
from dataspace.papers.keeping import File, with_file
from dataspace.relations import RELATIONS
from dataspace.selection import Row
from dataspace.validation import problems
from hub.node import Node
from hub.operations import authorisations, participants, products, resources
from hub.operations.mechanism.done import Done, Request, earlier, once
from hub.operations.mechanism.drafting import open_row, rewritten
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.lifecycle import Lifecycle, Values
from hub.operations.mechanism.sniffing import opened
from hub.operations.papers.keeping import key, remove_files, written_over

PAPER_BYTES_MAX: Final = 20 * 1024 * 1024
VERB: Final = "attach_paper"


class Book(Protocol):
    """Where the objects are written that papers go with: a ledger, or a desk's drafts."""

    @property
    def kind(self) -> str: ...

    async def row(self, request: Request) -> Row: ...

    async def write(self, request: Request, row: Row, *, values: Values) -> Done: ...


@dataclass(frozen=True)
class Drafts:
    """The objects of a lifecycle, as long as they are open to change."""

    lifecycle: Lifecycle

    @property
    def kind(self) -> str:
        return self.lifecycle.kind

    async def row(self, request: Request) -> Row:
        return await open_row(self.lifecycle, request, states=self.lifecycle.open_states)

    async def write(self, request: Request, row: Row, *, values: Values) -> Done:
        return await rewritten(self.lifecycle, request, row, values=values)


BOOKS: Final[Mapping[str, Book]] = {
    book.kind: book
    for book in (
        participants.LEDGER, Drafts(resources.LIFECYCLE), Drafts(authorisations.LIFECYCLE),
        Drafts(products.LIFECYCLE),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """The file of a paper of this kind as it comes in, not yet read."""

    kind: str
    chunks: AsyncIterator[bytes]


async def attach(
    node: Node, caller: Caller, id: str, sent: Sent, *, request_id: str = ""
) -> Done:
    """Keeps the file as that of a paper of its kind: one that is announced, or else another one.

    Raises:  NotFound, RoleMissing, NotYours, WrongState, FieldsInvalid, PaperRefused,
             AssetTooLarge, UploadDiffers, MovedOn, ChangeSetDiffers, AssetsUnavailable.
    """
    noun = RELATIONS.by_prefix.get(id.partition("_")[0])
    if noun is None or noun.name not in BOOKS:
        raise NotFound(kind="object", id=id)
    given = {"paper": sent.kind}
    request = Request(node, caller, noun.name, VERB, id, request_id=request_id, given=given)
    return await once(request, lambda: _attach(BOOKS[noun.name], request, sent))


async def _attach(book: Book, request: Request, sent: Sent) -> Done:
    """The file is stored first: a row whose file is missing would be worse than the reverse. So it
    stays where the row may have been written: the answer was lost, or a former file could not be
    removed."""
    if request.request_id and (first := await earlier(request)):
        await _check_same(request, first, sent)
        return first
    row = await book.row(request)
    _check_papers(request.kind, [{"kind": sent.kind, "sha256": "0" * 64}])
    file = await _stored(request.node, sent)
    try:
        papers = with_file(row[PAPERS.name], sent.kind, file)
        _check_papers(request.kind, papers)
        told = replace(request, found=f"{sent.kind} {file.sha256}")
        done = await book.write(told, row, values={PAPERS.name: papers})
    except (CatalogueUnavailable, AssetsUnavailable):
        raise
    except DataSpaceError:
        await remove_files(request.node, (file.id,))
        raise
    if not written_over(row, done):
        await remove_files(request.node, (file.id,))
    return done


async def _stored(node: Node, sent: Sent) -> File:
    """The file under a key that no row tells of yet; nothing, when it is no paper.

    Raises:  PaperRefused, AssetTooLarge, AssetsUnavailable, AssetsFull.
    """
    head, chunks = await opened(sent.chunks)
    if not head:
        raise PaperRefused(paper=sent.kind, why=EMPTY)
    try:
        form = form_of(head)
    except ValueError as error:
        raise PaperRefused(paper=sent.kind, why=OTHER) from error
    id_ = new_id("pap")
    stored = await node.assets.put(key(id_), chunks, bytes_max=PAPER_BYTES_MAX)
    try:
        form = form or await _form_of_archive(node, id_)
    except ValueError as error:
        await remove_files(node, (id_,))
        raise PaperRefused(paper=sent.kind, why=OTHER) from error
    except DataSpaceError:
        await remove_files(node, (id_,))
        raise
    return File(id_, stored.sha256, form, stored.bytes)


async def _form_of_archive(node: Node, file: str) -> str:
    """What an archive is stands at its end: it is read as the store holds it."""
    content = b"".join([chunk async for chunk in await node.assets.read(key(file))])
    return await asyncio.to_thread(form_of_archive, content)


def _check_papers(kind: str, papers: list[Any]) -> None:
    """Raises:  FieldsInvalid."""
    if found := problems(RELATIONS.by_name[kind], {PAPERS.name: papers}, partial=True):
        raise FieldsInvalid(kind, found)


async def _check_same(request: Request, first: Done, sent: Sent) -> None:
    """That the repeated file is the one of then. Raises:  ChangeSetDiffers."""
    digest = hashlib.sha256()
    async for chunk in sent.chunks:
        digest.update(chunk)
    [recorded] = await request.node.catalogue.changes_since(first.revision - 1, 1)
    if recorded.evidence["reason"] != f"{sent.kind} {digest.hexdigest()}":
        raise ChangeSetDiffers(id=request.change_set)
