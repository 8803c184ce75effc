"""The parts of the embedded issuer: keys, people, clients, what it must not forget, its pages."""
