"""The working days of the city: China's, or those of a table of its own."""

from pathlib import Path

from dataspace.clocks.calendars import Calendar
from dataspace.clocks.china import CHINA
from dataspace.clocks.table import read_calendar
from dataspace.text import Text
from hub.setting_rules import SettingInvalid, variable
from hub.settings import Settings


def calendar(settings: Settings) -> Calendar:
    """Raises:  SettingInvalid when the file cannot be read, TableInvalid for what it says."""
    if not settings.calendar:
        return CHINA
    try:
        text = Path(settings.calendar).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = Text(str(error), str(error))
        raise SettingInvalid(name=variable("calendar"), value=settings.calendar, why=why) from error
    return read_calendar(text)
