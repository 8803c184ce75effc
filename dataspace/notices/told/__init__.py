"""The notices themselves, by what they are about; `dataspace.notices.table` puts them together."""
