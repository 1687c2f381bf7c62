"""Account numbers and wallet addresses that check out, so that other numbers raise no alarm.

IBAN: ISO 13616, whose remainder by 97 is 1. Bitcoin and Tron: Base58Check, and Bech32 as in
BIP 173 by its form; Ethereum by its form.
"""

import hashlib
import re
from collections.abc import Iterator

# Lengths by country, of the registry of IBANs.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22,
    "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\s?\d{2}(?=[\s-]?[A-Za-z0-9])")
_IBAN_SIGN = re.compile(r"[\s-]?([A-Za-z0-9])")
_WALLETS = re.compile(
    r"(?<![A-Za-z0-9])(?:0x[0-9a-fA-F]{40}|bc1[02-9ac-hj-np-z]{11,71}"
    r"|[13T][1-9A-HJ-NP-Za-km-z]{25,34})(?![A-Za-z0-9])"
)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def ibans(text: str) -> Iterator[str]:
    for start in _IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(start[0][:2].upper())
        if length is None:
            continue
        signs, place = "".join(start[0].split()).upper(), start.end()
        while len(signs) < length and (sign := _IBAN_SIGN.match(text, place)):
            signs, place = signs + sign[1].upper(), sign.end()
        if len(signs) == length and _iban_checks_out(signs):
            yield text[start.start() : place]


def _iban_checks_out(signs: str) -> bool:
    turned = signs[4:] + signs[:4]
    # A digit is itself, a letter two digits from 10: what reading it in base 36 gives.
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def wallets(text: str) -> Iterator[str]:
    for found in _WALLETS.finditer(text):
        if found[0].startswith(("0x", "bc1")) or _base58_checks_out(found[0]):
            yield found[0]


def _base58_checks_out(address: str) -> bool:
    number = 0
    for sign in address:
        number = number * 58 + _BASE58.index(sign)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]
