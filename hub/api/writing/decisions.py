"""What became of each of many decisions, as the payload shows it."""

from typing import Any

from dataspace.errors import DataSpaceError, advice_for
from dataspace.text import Language
from hub.operations.tasks.deciding import Decided


def told(decided: Decided, language: Language) -> dict[str, Any]:
    done = decided.done
    return {
        "id": decided.decision.id,
        "move": decided.decision.move,
        "done": done is not None,
        "state": done.values.get("state") if done else None,
        "sequence": done.revision if done else None,
        **_refused(decided.refusal, language),
    }


def _refused(refusal: DataSpaceError | None, language: Language) -> dict[str, Any]:
    if refusal is None:
        return {"code": None, "message": None, "advice": None}
    return {
        "code": refusal.code,
        "message": refusal.message(language),
        "advice": advice_for(refusal, language),
    }
