"""The pages of the embedded issuer: plain HTML, one style sheet, no script, two languages."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from dataspace.errors import DataSpaceError, advice_for
from dataspace.text import Language, Text
from identity.endpoints.protocol import Answer, Asked, ProtocolRefused
from identity.issuer.demo import PEOPLE
from identity.issuer.directory import Account
from identity.issuer.issuer import Issuer
from identity.issuer.roles import TITLES

FOLDER = Path(__file__).parent.parent / "pages"
STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
STYLE_HASH = "sha256-" + b64encode(sha256(STYLE.encode()).digest()).decode()
LANGUAGE_TAGS: dict[Language, str] = {"en": "en", "zh": "zh-CN"}

WORDS: dict[str, Text] = {
    "product": Text("Trusted City Data Space", "城市可信数据空间"),
    "tagline": Text(
        "Public data, put to use by rule: every use authorised, counted and provable.",
        "让公共数据依规流通：每次使用皆有授权、有计量、可验证。",
    ),
    "sign_in": Text("Sign in", "登录"),
    "username": Text("User name", "用户名"),
    "password": Text("Password", "密码"),
    "demo": Text("Demonstration: enter as", "演示环境：一键登录"),
    "demo_note": Text(
        "Made-up people of a made-up city. Only this machine can reach this page.",
        "虚构城市中的虚构人员；此页面仅本机可访问。",
    ),
    "sign_out": Text("Sign out", "退出登录"),
    "sign_out_question": Text("Do you want to sign out?", "确定要退出登录吗？"),
    "closing": Text("You may close this page.", "您可以关闭此页面。"),
}


def login_page(issuer: Issuer, asked: Asked, *, ticket: str, problem: Text | None) -> str:
    return _page(
        "login.html",
        asked.language,
        ticket=escape(ticket),
        problem=_problem(problem, asked.language),
        people=_people(issuer, asked, ticket=ticket),
        switch=_switch(asked),
        given=escape(asked.form.get("username", "")[:80]),
        **_words(asked.language),
    )


def sign_out_page(asked: Asked, *, kept: Mapping[str, str], ticket: str) -> str:
    """Asks before it signs out; what the address carried is kept in the form."""
    names = ("client_id", "post_logout_redirect_uri", "state")
    fields = {name: kept[name] for name in names if name in kept} | {"ticket": ticket}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return _page("sign_out.html", asked.language, hidden=hidden, **_words(asked.language))


def message_page(language: Language, *, title: Text, advice: str = "") -> str:
    words = _words(language)
    said = {"title": escape(title.to(language)), "advice": escape(advice or words["closing"])}
    return _page("message.html", language, **said, **words)


def refusal_page(error: DataSpaceError, language: Language) -> Answer:
    title = Text(error.message("en"), error.message("zh"))
    page = message_page(language, title=title, advice=advice_for(error, language))
    status = error.http_status if isinstance(error, ProtocolRefused) else error.status
    return Answer(status, page=page)


def _page(name: str, language: Language, **parts: str) -> str:
    """`parts` are HTML already: whatever came from outside was escaped by who gives it."""
    frame = Template((FOLDER / "frame.html").read_text(encoding="utf-8"))
    body = Template((FOLDER / name).read_text(encoding="utf-8")).substitute(parts)
    return frame.substitute(parts, body=body, style=STYLE, tag=LANGUAGE_TAGS[language])


def _words(language: Language) -> dict[str, str]:
    return {name: escape(text.to(language)) for name, text in WORDS.items()}


def _problem(problem: Text | None, language: Language) -> str:
    if problem is None:
        return ""
    return f'<p class="problem" role="alert">{escape(problem.to(language))}</p>'


def _switch(asked: Asked) -> str:
    """A link to the same page in the other language, named in that language."""
    other, label = ("en", "English") if asked.language == "zh" else ("zh", "中文")
    query = urlencode({**asked.query, "ui_locales": other})
    tag = LANGUAGE_TAGS["en" if other == "en" else "zh"]
    return f'<a class="switch" lang="{tag}" hreflang="{tag}" href="?{escape(query)}">{label}</a>'


def _people(issuer: Issuer, asked: Asked, *, ticket: str) -> str:
    if not issuer.demo:
        return ""
    here = issuer.directory.people()
    buttons = "".join(_button(p, asked.language) for p in PEOPLE if p.username in here)
    part = Template((FOLDER / "people.html").read_text(encoding="utf-8"))
    return part.substitute(_words(asked.language), buttons=buttons, ticket=escape(ticket))


def _button(person: Account, language: Language) -> str:
    name = person.name.to(language)
    roles = " · ".join(_unbroken(TITLES[role].to(language)) for role in person.roles)
    return (
        f'<button class="person" name="person" value="{escape(person.username)}">'
        f'<span class="initial" aria-hidden="true">{escape(name[0])}</span>'
        f'<span class="who"><span class="name">{escape(name)}</span> '
        f'<span class="role">{escape(roles)}</span> '
        f'<span class="place">{escape(person.organisation.name.to(language))}</span></span>'
        "</button>"
    )


def _unbroken(words: str) -> str:
    """Keeps the words on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
