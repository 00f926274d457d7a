"""Keys: how they are written down, kept, found by a DID, and trusted. Pure: values in, values out."""
