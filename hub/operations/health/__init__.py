"""Health of products: calls that are kept, probes, what is noted of them, and faults."""
