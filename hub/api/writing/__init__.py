"""Mutations: the operations under their GraphQL names, and how each is carried out."""
