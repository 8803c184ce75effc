"""The machine of the six filings (L3-a): direct ones, and those that an agency confirms first."""

from dataspace import guards
from dataspace.lifecycles import hands
from dataspace.machine import NOWHERE, Machine, Mark, Move, State
from dataspace.text import Text

OPEN = ("DRAFT", "RETURNED", "CHANGING")

FILING = Machine(
    "filing",
    "L3",
    states=(
        State("DRAFT", Text("Draft", "草稿"), open_to_change=True),
        State("AGENCY_CONFIRM", Text("Waits for the implementing agency", "待实施机构确认")),
        State("CITY_CONFIRM", Text("Waits for the data bureau", "待市级确认")),
        State("RETURNED", Text("Returned", "退回"), open_to_change=True),
        State("FILED", Text("Filed", "已备案")),
        State("CHANGING", Text("Being changed", "变更中"), open_to_change=True),
        State("PASSED", Text("Joint review passed", "联审通过"), final=True),
        State("FAILED", Text("Joint review failed", "联审不通过"), final=True),
        State("CLOSED", Text("Closed", "已终止"), final=True),
    ),
    moves=(
        Move("draft", Text("Draft", "起草"), (NOWHERE,), "DRAFT", hands.FILER, party="filer"),
        Move(
            "submit", Text("Submit to the data bureau", "提交市级备案"), OPEN, "CITY_CONFIRM",
            hands.FILER, party="filer",
            guards=(guards.ADMITTED, guards.FILED_DIRECTLY, guards.FOLLOWS), marks=hands.SUBMITTED,
        ),
        Move(
            "submit_to_agency", Text("Submit to the implementing agency", "提交实施机构确认"), OPEN,
            "AGENCY_CONFIRM", hands.FILER, party="filer",
            guards=(guards.ADMITTED, guards.FILED_BY_AGENCY, guards.FOLLOWS), marks=hands.SUBMITTED,
        ),
        Move(
            "confirm", Text("Confirm as the implementing agency", "实施机构确认"),
            ("AGENCY_CONFIRM",), "CITY_CONFIRM", hands.AGENCY, guards=(guards.FOUR_EYES,),
            marks=hands.FIRST_REVIEW,
        ),
        Move(
            "send_back", Text("Send back as the implementing agency", "实施机构退回"),
            ("AGENCY_CONFIRM",), "RETURNED", hands.AGENCY, guards=(guards.FOUR_EYES,),
            marks=hands.FIRST_REVIEW, needs_reason=True,
        ),
        Move(
            "file", Text("File", "准予备案"), ("CITY_CONFIRM",), "FILED", hands.APPROVER,
            guards=(guards.FOUR_EYES, guards.NOT_JOINT, guards.FOLLOWS),
            marks={**hands.SECOND_REVIEW, "filed_at": Mark.NOW},
        ),
        Move(
            "return", Text("Return", "市级退回"), ("CITY_CONFIRM",), "RETURNED", hands.APPROVER,
            guards=(guards.FOUR_EYES, guards.NOT_JOINT), marks=hands.SECOND_REVIEW,
            needs_reason=True,
        ),
        Move(
            "pass", Text("Pass the joint review", "联审通过"), ("CITY_CONFIRM",), "PASSED",
            hands.APPROVER, guards=(guards.FOUR_EYES, guards.JOINT), marks=hands.SECOND_REVIEW,
        ),
        Move(
            "fail", Text("Fail the joint review", "联审不通过"), ("CITY_CONFIRM",), "FAILED",
            hands.APPROVER, guards=(guards.FOUR_EYES, guards.JOINT), marks=hands.SECOND_REVIEW,
            needs_reason=True,
        ),
        Move(
            "change", Text("Change what is filed", "变更备案"), ("FILED",), "CHANGING", hands.FILER,
            party="filer", marks=hands.DECIDED, needs_reason=True,
        ),
        Move(
            "close", Text("Close the filing", "终止备案"), ("FILED",), "CLOSED", hands.APPROVER,
            guards=(guards.UNUSED,), marks=hands.DECIDED, needs_reason=True,
        ),
    ),
)  # fmt: skip
