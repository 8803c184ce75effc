"""The clocks of the lifecycle: how long each step may take, what is overdue, and at whom it lies.

* **Calendar** 工作日历: which days of a place are working days, as a table that can be replaced.
* **Term** 时限: how long something may take, from which event, who acts, who is told and when.
* **Case clock** 办理计时: one object under one term, with the spans in which the clock stood still.
* **Standing** 办理情况: what a case clock says at a moment: the last day, what is left, how late.

Everything here is a function of values and a moment that is handed in; nothing reads the time.
"""
