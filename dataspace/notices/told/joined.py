"""Notices of a node that has joined: what became of that which was asked of the hub (联邦协同)."""

from typing import Final

from dataspace.notices.notice import Kind, entries, to_person
from dataspace.text import Text

ASKER: Final = to_person("asked_by")

NOTICES: Final = tuple(entries(
    "L1", "hub_request",
    ("done", Kind.SYSTEM, ASKER, Text("The hub has done it: {object}", "枢纽已办理：{object}"),
     Text("What you asked of the hub is done: {object}. It is {reason} there.",
          "您报送枢纽的事项已办理：{object}。枢纽对象编号：{reason}。")),
    ("refuse", Kind.SYSTEM, ASKER, Text("The hub has refused: {object}", "枢纽不予办理：{object}"),
     Text("What you asked of the hub was refused: {object}. {reason}",
          "您报送枢纽的事项未予办理：{object}。{reason}")),
))  # fmt: skip
