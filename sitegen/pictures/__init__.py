"""Pictures -> what is known of them, and others made of them. Knows nothing of sites."""
