"""What every adapter says alike of the part that it speaks to."""
