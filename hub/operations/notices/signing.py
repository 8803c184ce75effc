"""The keys that calls are signed with: derived from the node's own, so that none is kept."""

import base64
import hashlib
import hmac


def key_of(node_key: bytes, mailbox: str, number: int) -> bytes:
    """The key of one receiver; another number gives another key."""
    return hmac.digest(node_key, f"webhook:{mailbox}:{number}".encode(), hashlib.sha256)


def shown(key: bytes) -> str:
    """As its owner is shown it, in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(key).decode()}"
