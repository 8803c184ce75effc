"""What `cityspace node status` says of a node that leaves."""

from argparse import Namespace
from io import StringIO
from pathlib import Path
from typing import Any

from hub.commands.call import Call
from hub.commands.node.member import Member
from hub.commands.node.telling import tell
from hub.settings import Settings


def said(folder: Path, still_open: Any) -> str:
    settings, out = Settings.read({"CITYSPACE_DATA": str(folder)}), StringIO()
    told = {
        "node": "nod_1", "name": "N", "state": "EXITING", "state_text": "Leaving", "since": None,
        "due_at": None, "waits_for": None, "reason": None, "stop_planned_at": None,
        "still_open": still_open,
    }  # fmt: skip
    call = Call(Namespace(), settings, "en", as_json=False, out=out, err=StringIO())
    tell(call, Member(settings, "https://hub.example.org", "nod_1", told))
    return out.getvalue()


def test_a_node_that_leaves_reads_what_is_still_open(tmp_path: Path) -> None:
    words = said(tmp_path, {"listed": ["Profile", "Score"], "granted": ["Register"]})
    assert "still listed: Profile, Score" in words
    assert "still under an authorisation: Register" in words
    assert "nothing is left open" in said(tmp_path, {"listed": [], "granted": []})
    assert "still" not in said(tmp_path, None)
