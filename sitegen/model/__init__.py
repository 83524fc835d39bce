"""Records -> Site: permalinks, taxonomies, threads. Pure, and holds no HTML."""
