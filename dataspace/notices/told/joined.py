"""Notices of a node that has joined: what became of that which was asked of the hub (联邦协同)."""

from typing import Final

from dataspace.caller import Role
from dataspace.notices.notice import Kind, entries, to, to_person
from dataspace.text import Text

ASKER: Final = to_person("asked_by")
RUNS_IT: Final = to(Role.PLATFORM_ADMIN)  # whoever runs the node

NOTICES: Final = tuple(entries(
    "L1", "hub_request",
    ("done", Kind.SYSTEM, ASKER, Text("The hub has done it: {object}", "枢纽已办理：{object}"),
     Text("What you asked of the hub is done: {object}. It is {reason} there.",
          "您报送枢纽的事项已办理：{object}。枢纽对象编号：{reason}。")),
    ("refuse", Kind.SYSTEM, ASKER, Text("The hub has refused: {object}", "枢纽不予办理：{object}"),
     Text("What you asked of the hub was refused: {object}. {reason}",
          "您报送枢纽的事项未予办理：{object}。{reason}")),
    ("lapse", Kind.SYSTEM, ASKER, Text("You may not ask for it any more: {object}", "您已无权报送：{object}"),
     Text("What you asked of the hub was not done: {object}. {reason}",
          "您报送枢纽的事项未予办理：{object}。{reason}")),
    ("lapse", Kind.SYSTEM, RUNS_IT, Text("Its asker may not ask for it any more: {object}", "提出人已无权报送：{object}"),
     Text("{object} was not done for who asked for it at this node. {reason}",
          "{object} 未以提出人名义办理。{reason}")),
))  # fmt: skip
