"""What the running of the bank needs beside the ledger and people: files on their way in, proposals to be decided."""
