"""`cityspace node`: a sub-space operator's own command."""
