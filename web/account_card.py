"""The account card: the address in its code, and the account number found again in what was scanned or typed."""

from urllib.parse import urlsplit

from flask import url_for

from credit_bank.errors import InvalidInput
from credit_bank.identity import account_number
from web.banking import settings


def card_address(number: str, display_code: str = "") -> str:
    """What the code of a printed card leads to: how its holder wants the bank shown, then signing in with the number.

    The number stands after the ``#``, which browsers keep to themselves: no server and no log gets it.
    """
    path = url_for("display.from_card", code=display_code) if display_code else url_for("card.number")
    return f"{settings().site}{path}#{number}"


def number_of(text: str) -> str:
    """The account number in what was typed, or in the address that a card's code holds.

    Raises InvalidInput as ``account_number.parse`` does; ``card.other_code`` for another address.
    """
    plain = text.strip()
    if plain.lower().startswith(("http://", "https://")):
        try:
            parts = urlsplit(plain)
        except ValueError:
            raise InvalidInput("card.other_code") from None
        if f"{parts.scheme}://{parts.netloc}" not in (settings().site, settings().public_origin) or not parts.fragment:
            raise InvalidInput("card.other_code")
        plain = parts.fragment
    return account_number.parse(plain)


def display_code_of(text: str) -> str:
    """The code of how its holder wants the bank shown, in the address that a card's code holds; else nothing.

    Of ours or another's: ``number_of`` says whether the card is this bank's.
    """
    before, path = url_for("display.from_card", code="-").removesuffix("-"), urlsplit(text.strip()).path
    return path.removeprefix(before) if path.startswith(before) else ""
