"""Channels: how a notice leaves the house, by e-mail or by a signed call."""
