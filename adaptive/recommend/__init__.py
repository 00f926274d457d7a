"""Courses and activities that may suit a person, each with its reasons; never by what is popular."""
