"""Commands about nodes as many: what each is, and how they meet."""
