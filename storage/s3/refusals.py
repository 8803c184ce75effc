"""What an S3 store answers when it does not do what it is asked."""

from dataspace.errors import AssetsUnavailable
from dataspace.text import Text


class AssetsRefused(AssetsUnavailable):
    """The store does not know the key and the secret, or they may not do this."""

    code = "assets.credentials_refused"
    title = Text("The store of the files refuses us: {detail}", "文件存储拒绝访问：{detail}")
    advice = Text(
        "Check CITYSPACE_ASSETS_KEY and CITYSPACE_ASSETS_SECRET, and what they may do there"
        " (`cityspace assets policy`).",
        "请核对 CITYSPACE_ASSETS_KEY 与 CITYSPACE_ASSETS_SECRET 及其权限"
        "（`cityspace assets policy`）。",
    )


class AssetsNotSetUp(AssetsUnavailable):
    """A bucket is missing."""

    code = "assets.not_set_up"
    title = Text("The store has no bucket {bucket}", "文件存储中没有存储桶 {bucket}")
    advice = Text("Run `cityspace assets setup`.", "请运行 `cityspace assets setup`。")


class AssetsUnsupported(AssetsUnavailable):
    """The store does not do what was asked of it at all."""

    code = "assets.unsupported"
    title = Text("The store does not do this: {detail}", "文件存储不支持此操作：{detail}")
    advice = Text(
        "`cityspace check --assets` lists what the store can do, and what is lost.",
        "`cityspace check --assets` 列出该存储的能力与缺失的影响。",
    )


class ConditionFailed(Exception):
    """The object is there, or is another one than it was: never seen outside of the adapter."""
