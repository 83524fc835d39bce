"""The comments of a site -> what other systems read, one person's comments, or nothing of them."""
