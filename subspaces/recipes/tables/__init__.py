"""Recipes of products: from the tables of their resources to the table that they give."""
