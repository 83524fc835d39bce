"""Another generator's folder -> files of a site, and a problem for each thing that was not brought.

Each generator has one module with one function, `gather(folder, load)`: it looks at every
file of the folder once and either brings it to the load or leaves it with a word why. To add
a generator, copy the shortest one (`hugo.py`), say in `KEYS` what its front matter means,
and name it in `moving.SYSTEMS`.
"""
