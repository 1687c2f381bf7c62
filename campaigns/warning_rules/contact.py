"""Moving the talk elsewhere: messengers, telephone numbers, e-mail addresses.

Asked only while nothing is signed. Later on, a courier needs a number and a file an address.
"""

import re
from collections.abc import Iterator

from campaigns.warning_rules.words import found_in, phrases, sentences, warns_itself

_MESSENGER = (
    r"(?:whats ?app|telegram|we ?chat|signal|viber|discord|skype|kakao ?talk|messenger|line app)"
)
MESSENGERS = (
    phrases(
        rf"(?:talk|chat|speak|write|text|message|add|reach|contact|call|switch|move|go|continue|ping"
        rf"|discuss|dm)…(?:on|to|via|over|me)? ?{_MESSENGER}",
        rf"(?:my|mein|mon|mi|meu|mio|our|unser|votre|tu|dein) {_MESSENGER}(?! (?:channel|community"
        r"|group|followers|kanal))",
        rf"(?:schreib|melde?|ruf|lass|reden)…{_MESSENGER}",
        rf"(?:écri\w{{1,6}}|contact\w{{1,4}}|ajoute\w{{0,2}})…{_MESSENGER}",
        rf"(?:escríbe\w{{0,4}}|escribe\w{{0,4}}|habla\w{{0,4}}|pásame|mánda\w{{0,3}})…{_MESSENGER}",
        rf"(?:scrivi\w{{0,3}}|manda\w{{0,3}}|chiama\w{{0,3}})…{_MESSENGER}",
        rf"(?:chama|me chama|fala)…{_MESSENGER}",
        rf"{_MESSENGER}(?: is| works)?…(?:best|better|faster|easier|works|instead)",
        rf"{_MESSENGER} ?:? ?@\w{{3,32}}",
    ),
)
_ABOUT_THE_CAMPAIGN = phrases(
    "followers", "community", "audience", "our app", "the app", "share button", "campaign", "video"
)
_LINKS = re.compile(
    r"(?<![\w.])(?:wa\.me|t\.me|telegram\.me|api\.whatsapp\.com|discord\.gg|signal\.me"
    r"|chat\.whatsapp\.com|line\.me|m\.me)/[\w+#/.-]{1,60}",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?<!\w)[\w.]{2,32}#\d{4}(?!\d)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_HIDDEN_MAIL = re.compile(
    r"[\w.+-]{1,64}\s?[(\[{]\s?(?:at|ät|arroba)\s?[)\]}]\s?[\w-]{1,63}\s?"
    r"(?:[(\[{]\s?(?:dot|punkt|point|punto)\s?[)\]}]|\.)\s?\w{2,10}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w#./-])\+?\(?\d(?:[\s()./-]{0,2}\d){7,16}(?![\w%])")
_AMERICAN = re.compile(r"\(\d{3}\)\s?\d{3}-\d{4}")
_ABOUT_CALLING = phrases(
    r"call|text|phone|mobile|cell|number is|whats ?app|signal|telegram|tel|telefon|handy\w*"
    r"|nummer ist|anruf\w*|ruf|portable|téléphone|appele[zr](?:-moi)?|móvil|teléfono|llama\w*"
    r"|telefono|cellulare|chiama\w*|telefone|celular|ligue"
)
_OTHER_NUMBER = phrases(
    r"order|tracking|parcel|shipment|ean|barcode|isbn|article|item|invoice|post id|id|vat|views"
    r"|likes|sendung\w*|artikelnummer|bestell\w*|rechnung\w*|followers|code|reference|steuer\w*|siret|ust"
)


def contact_words(text: str) -> list[str]:
    """What in ``text`` leads the talk away from Fairground."""
    found = [
        one[0] for pattern in (_LINKS, _TAG, _MAIL, _HIDDEN_MAIL) for one in pattern.finditer(text)
    ]
    for sentence in sentences(text):
        if warns_itself(sentence):
            continue
        found += numbers(sentence)
        if not _ABOUT_THE_CAMPAIGN.search(sentence):
            found += found_in(MESSENGERS, sentence)
    return found


def numbers(sentence: str) -> Iterator[str]:
    """Telephone numbers: international, in brackets, or where calling is spoken of."""
    if _OTHER_NUMBER.search(sentence):
        return
    is_about_calling = _ABOUT_CALLING.search(sentence) is not None
    for match in _DIGITS.finditer(sentence):
        written = match[0]
        count = sum(sign.isdigit() for sign in written)
        if not 9 <= count <= 15:
            continue
        international = written.startswith(("+", "00")) and count >= 10
        plain = written.startswith("0") and not written.startswith("00") and count <= 12
        spoken_of = is_about_calling and written.startswith(("+", "0", "6", "7"))
        if international or plain or spoken_of or _AMERICAN.search(written):
            yield written
