"""The result site: one folder of static pages, made from records alone, that opens from disk."""
