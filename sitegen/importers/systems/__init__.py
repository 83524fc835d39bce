"""One file a system: an export -> its comments as they were found there.

Each module has one function, `found_in(exports)`, which yields a `Found` for every comment,
also for those that are not to be brought, with the reason in `left`: so each is counted.
It may be a generator, and has to be one where exports are large. What it raises is a
`SiteError` with the place in the export. To add a system, copy one whose exports look alike
(`wordpress.py` for XML, `staticman.py` for a folder of files), and name it in `SYSTEMS` of
`migrating.py`.
"""
