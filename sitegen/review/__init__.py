"""A range of commits -> what its comments say, how they will look, and what is odd about them."""
