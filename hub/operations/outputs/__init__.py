"""Outputs of products: the file that a product gives, attached by its owner or computed anew."""
