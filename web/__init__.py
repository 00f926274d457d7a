"""The edge: pages, the API and the command line. The only package that imports Flask."""
