"""Ratings from elsewhere: files are read, recognised by their columns, matched with the catalogue, reported.

`reading` opens files, folders and zips and cuts them into rows; `formats` says what the rows mean;
`matching` finds their films; `importing` keeps what was found and says what was not.
"""
