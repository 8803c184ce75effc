"""Checkpoints of the evidence: how far the log had come, signed, so that no one takes it back."""
