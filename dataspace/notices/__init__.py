"""Notices 消息: who is told of what, as data; how it reads in both languages, and when it goes out.

A notice is news, not the to-do itself: what waits for somebody stands in the work-list until it
is done, whether or not the notice of it was read.
"""
