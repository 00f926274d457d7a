"""Pure: files that come in and go out. Bytes in, values and row problems out; no database, no clock, no network."""
