"""Scheduled jobs (定时作业) as data: what runs when, on what, how far, and what a run leaves."""
