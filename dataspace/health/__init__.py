"""Health of products (产品健康度): what calls of them came to, and what that says."""
