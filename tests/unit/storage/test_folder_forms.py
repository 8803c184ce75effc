"""Forms that bring a file: read as browsers and programs send them, and never in part."""

from collections.abc import AsyncIterator, Mapping

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.folder_forms import FIELD_BYTES_MAX, FIELDS_MAX, Form, FormInvalid, read_form

TYPE = "multipart/form-data; boundary=line"
# As a browser writes it.
BROWSERS = (
    b'------WebKitFormBoundary7MA\r\nContent-Disposition: form-data; name="key"\r\n\r\n'
    b"uploads/a\r\n"
    b'------WebKitFormBoundary7MA\r\nContent-Disposition: form-data; name="Content-Type"\r\n\r\n'
    b"text/csv\r\n------WebKitFormBoundary7MA\r\n"
    b'Content-Disposition: form-data; name="file"; filename="\xe6\xa0\xb7.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\na,b\r\n--1,2\r\n\r\n------WebKitFormBoundary7MA--\r\n"
)


async def chunked(whole: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(whole), size):
        yield whole[at : at + size]


async def read(whole: bytes, content_type: str = TYPE, *, size: int = 7) -> tuple[Form, bytes]:
    form = await read_form(content_type, chunked(whole, size))
    return form, b"".join([chunk async for chunk in form.file])


def part(name: str, value: bytes) -> bytes:
    return b'--line\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
        name.encode(), value,
    )  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 50, 10_000])
async def test_what_a_browser_sends_is_read(size: int) -> None:
    content_type = "multipart/form-data; boundary=----WebKitFormBoundary7MA"
    form, file = await read(BROWSERS, content_type, size=size)
    assert form.fields == {"key": "uploads/a", "Content-Type": "text/csv"}
    assert file == b"a,b\r\n--1,2\r\n"


@given(
    st.dictionaries(st.sampled_from(["key", "until", "签名"]), st.text(max_size=40)),
    st.binary(max_size=300),
    st.integers(1, 80),
)
@example({}, b"\r\n--lin\r\n--", 1)
@example({"key": "\r\n--"}, b"", 3)
async def test_what_a_program_sends_is_read_in_whatever_pieces_it_comes(
    fields: Mapping[str, str], content: bytes, size: int
) -> None:
    request = httpx2.Request("POST", "http://hub/", data=fields, files={"file": ("a", content)})
    whole = request.read()
    form, file = await read(whole, request.headers["content-type"], size=size)
    assert form.fields == fields
    assert file == content


async def test_a_form_that_is_cut_short_anywhere_is_refused() -> None:
    whole = part("key", b"k") + part("file", b"a\r\n-")
    end = len(whole) + len(b"--line")
    await read(whole + b"--line--\r\n")
    for length in range(end):
        with pytest.raises(FormInvalid):
            await read((whole + b"--line--\r\n")[:length])


@pytest.mark.parametrize(
    ("content_type", "whole"),
    [
        ("", part("file", b"x") + b"--line--"),
        ("text/csv", part("file", b"x") + b"--line--"),
        ("multipart/form-data", part("file", b"x") + b"--line--"),
        ("multipart/form-data; boundary=" + "x" * 71, part("file", b"x") + b"--line--"),
        ("multipart/form-data; boundary=other", part("file", b"x") + b"--line--"),
        (TYPE, part("key", b"x") + b"--line--\r\n"),
        (TYPE, b"--line--\r\n"),
        (TYPE, part("key", b"x" * (FIELD_BYTES_MAX + 100)) + part("file", b"x") + b"--line--"),
        (TYPE, b"x" * (FIELD_BYTES_MAX + 100)),
        (TYPE, b"".join(part(f"f{at}", b"") for at in range(FIELDS_MAX)) + part("file", b"x")),
        (TYPE, b"--line\r\n" + b"x" * (FIELD_BYTES_MAX + 100)),
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(content_type: str, whole: bytes) -> None:
    with pytest.raises(FormInvalid):
        await read(whole, content_type)


async def test_no_more_of_a_file_is_held_than_a_chunk() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield part("file", b"").removesuffix(b"\r\n")
        while True:
            taken += 1
            yield b"x" * 1000

    form = await read_form(TYPE, endless())
    for at in range(1, 20):
        assert len(await anext(form.file)) <= 1000
        assert taken <= at + 1
