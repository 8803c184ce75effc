"""What stores of files differ in, and what a city loses where one of it is missing."""

from collections.abc import Set
from typing import Final

from dataspace.ports import Ability
from dataspace.text import Text

LOST: Final = {
    "object_lock": Text(
        "whoever holds the store's password can remove or change files of evidence",
        "持有存储口令者可删除或改动存证文件",
    ),
    "versioning": Text(
        "a file of evidence that is overwritten is lost", "存证文件被覆盖后无法找回"
    ),
    "server_side_encryption": Text(
        "files lie on the store's disks as they are; encrypt the disks",
        "文件以明文存于磁盘；请对磁盘加密",
    ),
    "conditional_put": Text(
        "two writers of one new file may both believe that theirs is kept",
        "两个写入者可能都以为自己的新文件已保存",
    ),
    "checksums": Text(
        "the store does not compare the SHA-256 of what it takes in",
        "存储不核对写入内容的 SHA-256",
    ),
    "lifecycle": Text(
        "uploads that were never finished stay and take room", "未完成的上传会一直占用空间"
    ),
    "temporary_credentials": Text(
        "a node cannot be given access of its own; its files pass through the hub",
        "无法为子节点签发专用凭证；其文件须经枢纽中转",
    ),
    "direct_upload": Text(
        "uploads pass through the hub and take its bandwidth", "上传须经枢纽，占用其带宽"
    ),
    "nested_keys": Text(
        "a file whose key goes on after another file's key is not listed, and no check sees it",
        "键位于另一文件键之下的文件不会被列出，核对时看不到",
    ),
    "announced_upload": Text(
        "that a file sent straight to the store is not the announced one is seen only when it is"
        " taken in",
        "直传文件与申报不符时，须待接收核验才能发现",
    ),
}


def abilities_of(working: Set[str], *, lacking: Set[str]) -> list[Ability]:
    """What is in neither set has no meaning for the store."""
    return [
        Ability(name, name in working, lost)
        for name, lost in LOST.items()
        if name in working | lacking
    ]
