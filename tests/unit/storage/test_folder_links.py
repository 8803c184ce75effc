"""Links of the folder: what is served, under which headers, and what is refused."""

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.folder_assets import FolderAssets
from tests.clock import FrozenClock
from tests.contract.assets import Response, put
from tests.contract.following import BASE_URL, following

TEN = b"0123456789"
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def assets(tmp_path: Path, clock: FrozenClock) -> FolderAssets:
    return FolderAssets(tmp_path, clock=clock, base_url=f"{BASE_URL}/")


async def answer(
    assets: FolderAssets, file_name: str = "ten.txt", method: str = "GET", **headers: str
) -> Response:
    await put(assets, "k", TEN)
    link = await assets.link("k", seconds=60, file_name=file_name)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await following(assets)(link, method, headers=named)


@pytest.mark.parametrize(
    ("file_name", "media_type"),
    [
        ("a.csv", "text/csv"),
        ("A.CSV", "text/csv"),
        ("a.json", "application/json"),
        ("a.html", "application/octet-stream"),
        ("a.svg", "application/octet-stream"),
        ("a.js", "application/octet-stream"),
        ("csv", "text/csv"),
        ("", "application/octet-stream"),
    ],
)
async def test_a_file_is_an_attachment_that_no_browser_runs(
    assets: FolderAssets, file_name: str, media_type: str
) -> None:
    headers = (await answer(assets, file_name)).headers
    assert headers["content-type"].partition(";")[0] == media_type
    assert headers["content-disposition"].startswith("attachment; filename=")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-length"] == "10"


@pytest.mark.parametrize(
    ("file_name", "plain", "whole"),
    [
        ("用水量.csv", "___.csv", "%E7%94%A8%E6%B0%B4%E9%87%8F.csv"),
        ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
        ("a\r\nset-cookie: x.csv", "a__set-cookie: x.csv", "a__set-cookie%3A%20x.csv"),
        ('a"; filename="b.csv', "a_; filename=_b.csv", "a_%3B%20filename%3D_b.csv"),
        ("exe\u202evsc.csv", "exe_vsc.csv", "exe_vsc.csv"),
        ("\ud800.csv", "_.csv", "%3F.csv"),
        ("...", "file", "file"),
    ],
)
async def test_a_file_name_ends_no_header_and_names_no_folder(
    assets: FolderAssets, file_name: str, plain: str, whole: str
) -> None:
    disposition = (await answer(assets, file_name)).headers["content-disposition"]
    assert disposition == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


async def test_a_long_file_name_is_shortened_and_keeps_its_ending(assets: FolderAssets) -> None:
    for name in ("水" * 1000 + ".csv", "x." + "y" * 1000):
        link = await _link_of(assets, name)
        assert len(link) < 2000
    disposition = (await answer(assets, "水" * 1000 + ".csv")).headers["content-disposition"]
    assert disposition.endswith("%E6%B0%B4.csv")


@SHARED
@given(st.text(max_size=300))
@example("\x00")
@example("a.\x7f")
async def test_any_file_name_gives_a_link_that_works(assets: FolderAssets, name: str) -> None:
    response = await answer(assets, name)
    assert (response.status, response.body) == (200, TEN)


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-", b"23456789", "bytes 2-9/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
        ("bytes=5-100", b"56789", "bytes 5-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-100", TEN, "bytes 0-9/10"),
        (" bytes=1-2 ", b"12", "bytes 1-2/10"),
    ],
)
async def test_a_range_of_the_file_is_given(
    assets: FolderAssets, asked: str, body: bytes, content_range: str
) -> None:
    response = await answer(assets, range=asked)
    assert (response.status, response.body) == (206, body)
    assert response.headers["content-range"] == content_range
    assert response.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=999999-", "bytes=-0"])
async def test_a_range_behind_the_end_is_refused_with_the_size(
    assets: FolderAssets, asked: str
) -> None:
    response = await answer(assets, range=asked)
    assert (response.status, response.body) == (416, b"")
    assert response.headers["content-range"] == "bytes */10"


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1", "bytes", "bytes=a-b",
     "bytes=" + "9" * 40 + "-", ""],
)  # fmt: skip
async def test_what_is_no_single_range_gives_the_whole_file(
    assets: FolderAssets, asked: str
) -> None:
    response = await answer(assets, range=asked)
    assert (response.status, response.body) == (200, TEN)


async def test_a_range_of_an_earlier_version_gives_the_whole_file(assets: FolderAssets) -> None:
    first = await answer(assets)
    assert (await answer(assets, range="bytes=1-2", if_range=first.headers["etag"])).status == 200
    link = await assets.link("k", seconds=60, file_name="ten.txt")
    fetch = following(assets)
    now = (await fetch(link)).headers["etag"]
    same = await fetch(link, headers={"range": "bytes=1-2", "if-range": now})
    assert (same.status, same.body) == (206, b"12")


async def test_the_head_of_a_link_says_what_the_file_is_without_giving_it(
    assets: FolderAssets,
) -> None:
    response = await answer(assets, method="HEAD")
    assert (response.status, response.body) == (200, b"")
    assert response.headers["content-length"] == "10"
    assert response.headers["accept-ranges"] == "bytes"
    ranged = await answer(assets, method="HEAD", range="bytes=0-3")
    assert (ranged.status, ranged.headers["content-length"]) == (206, "4")


async def test_an_empty_file_is_given_and_has_no_range(assets: FolderAssets) -> None:
    await put(assets, "empty")
    link = await assets.link("empty", seconds=60, file_name="empty.csv")
    fetch = following(assets)
    assert (await fetch(link)).status == 200
    assert (await fetch(link, headers={"range": "bytes=0-"})).status == 416


async def test_a_link_is_refused_by_what_is_wrong_with_it(
    assets: FolderAssets, clock: FrozenClock
) -> None:
    link = await _link_of(assets, "ten.txt")
    fetch = following(assets)
    assert (await fetch(link, "POST")).status == 405
    forged = await fetch(link[:-1] + ("0" if link[-1] != "0" else "1"))
    assert (forged.status, forged.body) == (403, b"asset.link_invalid")
    for path in ("k", "k?until=9999999999999&name=x&signature=", "../k?signature=é"):
        unsigned = await fetch(f"{BASE_URL}/assets/{path}")
        assert unsigned.status in (403, 404)
    await assets.remove("k")
    gone = await fetch(link)
    assert (gone.status, gone.body) == (404, b"asset.not_found")
    clock.advance(seconds=60)
    expired = await fetch(link)
    assert (expired.status, expired.body) == (403, b"asset.link_expired")


async def test_a_link_of_another_folder_is_refused(
    assets: FolderAssets, tmp_path: Path, clock: FrozenClock
) -> None:
    link = await _link_of(assets, "ten.txt")
    reopened = FolderAssets(tmp_path, clock=clock, base_url=BASE_URL)
    assert (await following(reopened)(link)).body == TEN
    other = FolderAssets(tmp_path / "other", clock=clock, base_url=BASE_URL)
    await put(other, "k", TEN)
    assert (await following(other)(link)).status == 403


async def test_nobody_else_on_the_machine_can_read_the_key_or_a_file(
    assets: FolderAssets, tmp_path: Path
) -> None:
    await put(assets, "k", TEN)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len((tmp_path / "link.key").read_bytes()) == 32


async def _link_of(assets: FolderAssets, file_name: str) -> str:
    await put(assets, "k", TEN)
    return await assets.link("k", seconds=60, file_name=file_name)
