"""A site on a local server, built anew whenever one of its files is saved."""
