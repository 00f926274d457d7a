"""The transparency log: RFC 6962 Merkle trees, salted leaves and signed checkpoints. Pure: values in, values out."""
