"""Courses in and out: bytes of other formats to the files of a content folder, and back. Values in, values out."""
