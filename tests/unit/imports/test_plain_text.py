"""HTML in descriptions becomes text that can be read."""

from hypothesis import given
from hypothesis import strategies as st

from hub.imports.plain_text import one_line, plain


def test_paragraphs_lists_and_links_stay_readable() -> None:
    html = (
        "<p>Trees &amp; shrubs.</p><ul><li>one</li><li>two</li></ul>"
        '<p>See <a href="https://x.gov/t">the map</a>.<br>End</p>'
    )
    assert plain(html) == ("Trees & shrubs.\n\n- one\n- two\n\nSee the map (https://x.gov/t).\nEnd")


def test_scripts_and_styles_leave_nothing() -> None:
    assert plain("a<script>alert('x')</script><style>p{}</style>b") == "ab"
    assert plain('<a href="javascript:alert(1)">go</a>') == "go"


def test_an_unclosed_script_hides_what_follows_and_nothing_before() -> None:
    assert plain("before <script>alert(1)") == "before"


def test_what_only_looks_like_a_tag_stays() -> None:
    assert plain("height < 3 and width > 2") == "height < 3 and width > 2"


def test_line_breaks_of_plain_text_stay() -> None:
    assert plain("one\r\n\r\n\r\n\r\ntwo  three\x00\u200b") == "one\n\ntwo three"
    assert one_line("one\n two") == "one two"


@given(st.text(max_size=200))
def test_any_text_becomes_text_that_can_be_stored(text: str) -> None:
    found = plain(text)
    found.encode("utf-8")
    assert "\x00" not in found
    assert found == found.strip()
