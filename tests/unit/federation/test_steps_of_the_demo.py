"""A step of the demonstration that fails is told in the words of the command that failed."""

import io
import json
from argparse import Namespace
from pathlib import Path

import pytest

from dataspace.federation.joining.refusals import NotJoined
from dataspace.text import Language
from hub.commands.call import Call, report
from hub.commands.federation.joining import StepFailed, _command, step_failed
from hub.commands.federation.processes import Served
from hub.settings import Settings

SAID = {"code": "invitation.ended", "what": "已失效", "meaning": "…", "advice": "请重新邀请。"}


def told(error: StepFailed, language: Language, capsys: pytest.CaptureFixture[str]) -> str:
    report(error, language=language, as_json=False)
    return capsys.readouterr().err


def test_the_refusal_is_told_and_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    said = "progress\n" + json.dumps({"error": SAID}, ensure_ascii=False) + "\n"
    shown = told(step_failed("node join", said, folder=Path("x/energy")), "zh", capsys)
    assert "`cityspace node join` 未成功：已失效 [invitation.ended]" in shown
    assert "请重新邀请。也可删除 x/energy 后重新开始。" in shown
    assert "{" not in shown


def test_a_command_that_broke_down_is_told_by_its_last_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = "Traceback (most recent call last):\n  …\nMemoryError: no\n"
    shown = told(step_failed("seed", said, folder=Path("x")), "en", capsys)
    assert "`cityspace seed` failed: MemoryError: no [internal]" in shown


async def test_a_command_speaks_the_language_of_the_demonstration(tmp_path: Path) -> None:
    call = Call(
        Namespace(), Settings.read({}, data=tmp_path), "zh", False, io.StringIO(), io.StringIO()
    )
    with pytest.raises(StepFailed) as failed:
        await _command(call, Served("finance", tmp_path, 1), "node", "status")
    expected = NotJoined(folder=str(tmp_path))
    assert failed.value.facts["cause"] == expected.code
    assert failed.value.facts["what"] == expected.message("zh")
