"""Calendars of other places for tests: two whose clocks are put forward in spring."""

from typing import Final

from dataspace.clocks.table import read_calendar

BERLIN_TABLE: Final = """\
code = "DE-BE"
name = { en = "Berlin", zh = "柏林" }
zone = "Europe/Berlin"
weekend = ["SATURDAY", "SUNDAY"]

[2025]
source = "Gesetz über die Sonn- und Feiertage (Berlin)"
new_year = { en = "New Year's Day", zh = "元旦", first = 2025-01-01, last = 2025-01-01 }
labour_day = { en = "Labour Day", zh = "劳动节", first = 2025-05-01, last = 2025-05-01 }
unity = { en = "Day of German Unity", zh = "德国统一日", first = 2025-10-03, last = 2025-10-03 }
christmas = { en = "Christmas", zh = "圣诞节", first = 2025-12-25, last = 2025-12-26 }

[2026]
source = "Gesetz über die Sonn- und Feiertage (Berlin)"
new_year = { en = "New Year's Day", zh = "元旦", first = 2026-01-01, last = 2026-01-01 }
easter = { en = "Easter", zh = "复活节", first = 2026-04-03, last = 2026-04-06 }
labour_day = { en = "Labour Day", zh = "劳动节", first = 2026-05-01, last = 2026-05-01 }
unity = { en = "Day of German Unity", zh = "德国统一日", first = 2026-10-03, last = 2026-10-03 }
christmas = { en = "Christmas", zh = "圣诞节", first = 2026-12-25, last = 2026-12-26 }
"""
NEW_YORK_TABLE: Final = """\
code = "US-NY"
name = { en = "New York", zh = "纽约" }
zone = "America/New_York"
weekend = ["SATURDAY", "SUNDAY"]

[2025]
source = "5 U.S.C. 6103"
independence = { en = "Independence Day", zh = "独立日", first = 2025-07-04, last = 2025-07-04 }
thanksgiving = { en = "Thanksgiving", zh = "感恩节", first = 2025-11-27, last = 2025-11-27 }
christmas = { en = "Christmas", zh = "圣诞节", first = 2025-12-25, last = 2025-12-25 }

[2026]
source = "5 U.S.C. 6103"
independence = { en = "Independence Day", zh = "独立日", first = 2026-07-03, last = 2026-07-03 }
thanksgiving = { en = "Thanksgiving", zh = "感恩节", first = 2026-11-26, last = 2026-11-26 }
christmas = { en = "Christmas", zh = "圣诞节", first = 2026-12-25, last = 2026-12-25 }
"""
# Cairo's clocks are put forward at midnight, so that one day of the year begins at one o'clock.
CAIRO_TABLE: Final = (
    BERLIN_TABLE.replace("Europe/Berlin", "Africa/Cairo")
    .replace('"SATURDAY", "SUNDAY"', '"FRIDAY", "SATURDAY"')
    .replace("DE-BE", "EG-C")
)
BERLIN: Final = read_calendar(BERLIN_TABLE)
NEW_YORK: Final = read_calendar(NEW_YORK_TABLE)
CAIRO: Final = read_calendar(CAIRO_TABLE)
