"""`liveNodes` in GraphQL: what the nodes themselves say, within a deadline.

It is named after `nodes`, beside which it stands: that one tells what the hub holds of them, this
one what they say now. Its answer is always a list of nodes, also of those that say nothing.
"""
