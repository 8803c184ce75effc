"""`cityspace settings`: every setting with its value, default, unit and meaning."""

from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.explained import explain


def arguments(parser: Grammar) -> None:
    parser.add_data()


def run(call: Call) -> Exit:
    lines = explain(call.settings)
    call.answer(
        [
            {
                "name": line.name,
                "value": line.value,
                "default": line.default,
                "unit": line.unit,
                "meaning": line.meaning.to(call.language),
                "choices": [each for each in line.choices if each],
            }
            for line in lines
        ]
    )
    for line in lines:
        call.line(f"{line.name} = {line.value or '-'} {line.unit}".rstrip())
        call.line(f"    {line.meaning.to(call.language)} ({line.default or '-'})")
    return Exit.DONE
