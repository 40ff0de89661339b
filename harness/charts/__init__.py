"""Charts of a measuring run, and the tables of the same rows beneath them.

rows (pure) -> draw (figures), page (SVG files and one HTML page)
"""
