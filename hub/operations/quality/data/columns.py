"""The columns of a file by their headings, and what is read out of their texts, each once."""

from collections.abc import Callable, Mapping

from hub.operations.quality.data import texts
from hub.operations.quality.data.duck import TABLE


class Columns:
    """`source` is the table, with the numbers and moments that were asked for beside its texts.

    So several rules on a column share the reading of it, which costs more than what they ask.
    """

    def __init__(self, named: Mapping[str, str]) -> None:
        self.named = named
        self._read: dict[str, str] = {}

    def __getitem__(self, heading: str) -> str:
        """Raises:  KeyError for a column that the file does not have."""
        return self.named[heading]

    def number(self, heading: str) -> str:
        """The column of its values as numbers. Raises:  KeyError."""
        return self._once(heading, "number", texts.number)

    def moment(self, heading: str) -> str:
        """The column of its values as moments. Raises:  KeyError."""
        return self._once(heading, "moment", texts.moment)

    @property
    def source(self) -> str:
        read = "".join(f", {sql} AS {name}" for name, sql in self._read.items())
        return f"(SELECT *{read} FROM {TABLE})"

    def _once(self, heading: str, what: str, read: Callable[[str], str]) -> str:
        column = self.named[heading]
        self._read[f"{column}_{what}"] = read(column)
        return f"{column}_{what}"
