"""A person's name as two papers compare it."""


def plain_name(name: str) -> str:
    """The name without spaces and the dots of transcribed names, in one case: what two spellings of it share."""
    return "".join(name.split()).replace("·", "").replace("•", "").casefold()
