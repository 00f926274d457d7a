"""Pure: the frameworks and rules by which an outcome is recognised."""
