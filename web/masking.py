"""A person's name shown so that who knows it recognises it, and who does not learns little (as in a 公示)."""


def masked(name: str) -> str:
    """The name with its middle hidden: 王小明 → 王*明, 王明 → 王*, John Smith → J*** S***."""
    words = name.split()
    if len(words) > 1 or name.isascii():
        return " ".join(f"{word[0]}***" for word in words)
    if "·" in name:
        return "·".join(f"{part[:1]}**" for part in name.split("·"))
    if len(name) <= 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
