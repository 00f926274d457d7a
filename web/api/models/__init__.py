"""What the interface takes and gives, as models: requests are strict and refuse unknown fields."""
