from tests.unit.operations.conftest import node

__all__ = ["node"]
