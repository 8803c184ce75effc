"""The operations on complaints: lodged in person or entered for somebody, and moved on."""
