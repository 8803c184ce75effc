"""The machines of the links, one module for each noun or link; `dataspace.lifecycle` has all."""
