"""Documents 文书: certificates and agreements, whose content is data with a hash.

A document is never what decides: whether it still holds is read from the row that it is about.
"""
