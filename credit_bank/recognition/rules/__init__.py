"""Rules of recognition and conversion: data that anyone can read, published by hash (rules R1 to R31)."""
