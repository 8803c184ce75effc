"""Certificates that nodes show to each other, beside their signatures."""
