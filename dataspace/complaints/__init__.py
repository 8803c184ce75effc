"""Complaints (投诉): what somebody finds wrong with whom, who handles it, and how it ends.

`machine` says how one runs, `guards` who keeps out of it, `nouns` what is kept of it and which of
that only its complainant and its handler read.
"""
