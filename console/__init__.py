"""The GraphQL page in the browser: GraphiQL 5 in Chinese and English, signed in with a click.

Its source lies in `graphiql/`, and `built/` holds what `make console` made from it, so that an
installation needs no Node. What changes from hub to hub travels in the page as JSON.
"""

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console import shelf

BUILT = Path(__file__).parent / "built"

# `style-src 'unsafe-inline'` stands only because the editor, Monaco, writes its themes and its
# line positions as inline styles; no script is inline, and none comes from elsewhere.
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'{issuer}",
    "img-src 'self' data:",
    "font-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'{issuer}",
)

_DEFAULTS: dict[str, Any] = {
    "product": {"en": "CitySpace", "zh": "城市可信数据空间"},
    "city": {"en": "City hub", "zh": "城市枢纽"},
    "environment": None,
    "endpoint": "/graphql",
    "files": "/console",
    "issuer": None,
    "client": "cityspace-console",
    "people": (),
}
"""What `page` takes. Names are `{"en": …, "zh": …}`; `environment` may be absent.

`endpoint` answers GraphQL; `files` is where `BUILT` is served. Without `issuer` nobody can sign
in; `client` is this page's client there. `people` are those of a demonstration, each
`{"username", "name": {"en", "zh"}, "roles": […]}`: the menu offers to sign in as one of them.
"""


def page(config: Mapping[str, Any]) -> str:
    """The page's HTML.  Raises:  ValueError on a key that it does not know."""
    unknown = sorted(config.keys() - _DEFAULTS.keys())
    if unknown:
        raise ValueError(f"page() does not know {', '.join(unknown)}")
    settled = {**_DEFAULTS, **config}
    files, built = escape(settled.pop("files").rstrip("/")), _manifest()
    return _PAGE.format(
        title=escape(f"{settled['product']['zh']} {settled['product']['en']}"),
        icon=f"{files}/{built['icon']}",
        style=f"{files}/{built['style']}",
        script=f"{files}/{built['entry']}",
        config=_in_script({**settled, **shelf.for_page()}),
    )


def content_security_policy(issuer: str | None) -> str:
    """What the page may load and speak to: its own origin, and the issuer's to sign in there."""
    parts = urlsplit(issuer or "")
    origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(_POLICY).format(issuer=origin)


@cache
def _manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return read


def _in_script(value: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{style}">
</head>
<body>
<div id="page"></div>
<noscript>本页面需要启用 JavaScript。This page needs JavaScript.</noscript>
<script type="application/json" id="cityspace-config">{config}</script>
<script type="module" src="{script}"></script>
</body>
</html>
"""
