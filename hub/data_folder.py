"""The folder in which a node keeps what is its own: its layout, its marks and its keys."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataspace.errors import DataSpaceError, NotFound, Unavailable
from dataspace.text import Text
from hub.setting_rules import KEYCLOAK
from hub.settings import Settings

LAYOUT = 1
EMBEDDED = "embedded:"
LAYOUT_FILE = "cityspace.json"
ADDRESS_FILE = "address"
CURSOR_KEY_FILE = "cursor.key"
WEBHOOK_KEY_FILE = "webhook.key"
SEEDED_FILE = "seeded"
APPLICATION_FILE = "application.json"
MEMBERSHIP_FILE = "membership.json"
CURSOR_KEY_BYTES = 32


class FolderNotWritable(Unavailable):
    code = "data.not_writable"
    title = Text(
        "The data folder {folder} cannot be written: {detail}",
        "无法写入数据文件夹 {folder}：{detail}",
    )
    advice = Text(
        "Give this user the right to write there, or name another folder with --data.",
        "请授予当前用户写入权限，或用 --data 指定其他文件夹。",
    )


class FolderTooNew(DataSpaceError):
    """A later version has laid the folder out; this one would damage it."""

    status = 409
    code = "data.too_new"
    title = Text(
        "The data folder {folder} has layout {found}; this version knows {known}",
        "数据文件夹 {folder} 的布局版本为 {found}；本版本仅支持 {known}",
    )
    advice = Text(
        "Run the later version, or another folder.", "请使用较新的版本，或改用其他文件夹。"
    )


class NodeMissing(NotFound):
    code = "data.missing"
    title = Text("There is no node in {folder}", "{folder} 中没有节点数据")
    advice = Text(
        "Name its folder with --data; `cityspace serve` makes one.",
        "请用 --data 指定数据文件夹；`cityspace serve` 会新建。",
    )


def check_there(settings: Settings) -> None:
    """A command that only reads must not make an empty node. Raises:  NodeMissing."""
    if not (settings.data / LAYOUT_FILE).exists():
        raise NodeMissing(folder=str(settings.data))


def remember_address(settings: Settings) -> None:
    """Notes where the node is served, for commands that speak of it from outside."""
    (settings.data / ADDRESS_FILE).write_text(settings.address + "\n", encoding="utf-8")


def mark_seeded(settings: Settings) -> None:
    """Notes that the demo city is whole, so that a start need not look for what is missing."""
    (settings.data / SEEDED_FILE).touch()


def is_seeded(settings: Settings) -> bool:
    """A mark in the data folder says nothing of a catalogue that lies elsewhere."""
    return not settings.graph and (settings.data / SEEDED_FILE).exists()


def served_at(settings: Settings) -> Settings:
    """The settings of the node as it was last served, unless an address is given anyway."""
    noted = settings.data / ADDRESS_FILE
    if settings.base_url or settings.port or not noted.exists():
        return settings
    return replace(settings, base_url=noted.read_text("utf-8").strip())


def membership(settings: Settings) -> dict[str, Any]:
    """What this node knows of the city that it applied to or is part of; empty when of none.

    Raises:  FolderNotWritable for a file that cannot be read.
    """
    for name in (MEMBERSHIP_FILE, APPLICATION_FILE):
        file = settings.data / name
        try:
            if file.exists():
                return dict(json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise FolderNotWritable(folder=str(settings.data), detail=str(error)) from error
    return {}


def keep_membership(settings: Settings, told: Mapping[str, Any]) -> None:
    """An application is none yet; the file appears whole or not at all."""
    name = MEMBERSHIP_FILE if told.get("issuer") else APPLICATION_FILE
    made = settings.data / f".{name}.{secrets.token_hex(4)}"
    made.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    made.replace(settings.data / name)
    if name == MEMBERSHIP_FILE:
        (settings.data / APPLICATION_FILE).unlink(missing_ok=True)


def as_member(settings: Settings) -> Settings:
    """A node that was admitted by a city knows people and programs by the city's issuer, unless
    another one is named. Raises:  FolderNotWritable."""
    issuer = membership(settings).get("issuer")
    if not issuer or settings.identity != EMBEDDED:
        return settings
    return replace(settings, identity=f"{KEYCLOAK}{issuer}")


def cursor_key(settings: Settings) -> bytes:
    """The secret that signs cursors: the one that is given, which replicas share, or one that is
    made and kept, so that cursors outlive a start."""
    return _key(settings.cursor_key, settings.data, CURSOR_KEY_FILE)


def webhook_key(settings: Settings) -> bytes:
    """The secret that the keys of signed calls are derived from, given or made and kept alike."""
    return _key(settings.webhook_key, settings.data, WEBHOOK_KEY_FILE)


def _key(given: str, folder: Path, name: str) -> bytes:
    if given:
        return hashlib.sha256(given.encode()).digest()
    kept = folder / name
    if not kept.exists():
        made = folder / f".{name}.{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(CURSOR_KEY_BYTES))
        # Of two processes that start at once, the first one's key stays.
        with suppress(FileExistsError):
            kept.hardlink_to(made)
        made.unlink()
    return kept.read_bytes()


def prepare(folder: Path) -> None:
    """Makes the data folder, readable by its owner only, and marks its layout.

    Raises:  FolderNotWritable, FolderTooNew.
    """
    mark = folder / LAYOUT_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not mark.exists():
            mark.write_text(json.dumps({"layout": LAYOUT}) + "\n", encoding="utf-8")
        found = json.loads(mark.read_text(encoding="utf-8")).get("layout")
    except (OSError, ValueError, AttributeError) as error:
        raise FolderNotWritable(folder=str(folder), detail=str(error)) from error
    if found != LAYOUT:
        raise FolderTooNew(folder=str(folder), found=found, known=LAYOUT)
    writable(folder)


def writable(folder: Path) -> None:
    """An old folder may have changed hands; a file written now tells better than its mode."""
    probe = folder / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderNotWritable(folder=str(folder), detail=error.strerror or "") from error
