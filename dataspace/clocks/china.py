"""China's working days, as the State Council's General Office arranged them for each year.

Dates and numbers are those of the notices. The form is the one that every replacement has
(`dataspace/clocks/table.py`); a year that has not been announced is not here.
"""

from typing import Final

from dataspace.clocks.table import read_calendar

TABLE: Final = """\
code = "CN"
name = { en = "China", zh = "中国" }
zone = "Asia/Shanghai"
weekend = ["SATURDAY", "SUNDAY"]

[2024]
source = "国办发明电〔2023〕7号, 2023-10-25"
new_year = { en = "New Year's Day", zh = "元旦", first = 2024-01-01, last = 2024-01-01 }
spring_festival = { en = "Spring Festival", zh = "春节", first = 2024-02-10, last = 2024-02-17, worked = [2024-02-04, 2024-02-18] }
tomb_sweeping = { en = "Tomb-Sweeping Day", zh = "清明节", first = 2024-04-04, last = 2024-04-06, worked = [2024-04-07] }
labour_day = { en = "Labour Day", zh = "劳动节", first = 2024-05-01, last = 2024-05-05, worked = [2024-04-28, 2024-05-11] }
dragon_boat = { en = "Dragon Boat Festival", zh = "端午节", first = 2024-06-10, last = 2024-06-10 }
mid_autumn = { en = "Mid-Autumn Festival", zh = "中秋节", first = 2024-09-15, last = 2024-09-17, worked = [2024-09-14] }
national_day = { en = "National Day", zh = "国庆节", first = 2024-10-01, last = 2024-10-07, worked = [2024-09-29, 2024-10-12] }

[2025]
source = "国办发明电〔2024〕12号, 2024-11-12"
new_year = { en = "New Year's Day", zh = "元旦", first = 2025-01-01, last = 2025-01-01 }
spring_festival = { en = "Spring Festival", zh = "春节", first = 2025-01-28, last = 2025-02-04, worked = [2025-01-26, 2025-02-08] }
tomb_sweeping = { en = "Tomb-Sweeping Day", zh = "清明节", first = 2025-04-04, last = 2025-04-06 }
labour_day = { en = "Labour Day", zh = "劳动节", first = 2025-05-01, last = 2025-05-05, worked = [2025-04-27] }
dragon_boat = { en = "Dragon Boat Festival", zh = "端午节", first = 2025-05-31, last = 2025-06-02 }
national_day = { en = "National Day and Mid-Autumn Festival", zh = "国庆节、中秋节", first = 2025-10-01, last = 2025-10-08, worked = [2025-09-28, 2025-10-11] }

[2026]
source = "国办发明电〔2025〕7号, 2025-11-04"
new_year = { en = "New Year's Day", zh = "元旦", first = 2026-01-01, last = 2026-01-03, worked = [2026-01-04] }
spring_festival = { en = "Spring Festival", zh = "春节", first = 2026-02-15, last = 2026-02-23, worked = [2026-02-14, 2026-02-28] }
tomb_sweeping = { en = "Tomb-Sweeping Day", zh = "清明节", first = 2026-04-04, last = 2026-04-06 }
labour_day = { en = "Labour Day", zh = "劳动节", first = 2026-05-01, last = 2026-05-05, worked = [2026-05-09] }
dragon_boat = { en = "Dragon Boat Festival", zh = "端午节", first = 2026-06-19, last = 2026-06-21 }
mid_autumn = { en = "Mid-Autumn Festival", zh = "中秋节", first = 2026-09-25, last = 2026-09-27 }
national_day = { en = "National Day", zh = "国庆节", first = 2026-10-01, last = 2026-10-07, worked = [2026-09-20, 2026-10-10] }
"""

CHINA: Final = read_calendar(TABLE)
