"""Links that lead elsewhere than they seem, and requests for passwords and codes."""

import re
from dataclasses import dataclass

from campaigns.warning_rules.hosts import link_of, links, what_is_wrong
from campaigns.warning_rules.words import found_in, phrases, sentences, warns_itself

_LOG_IN = (
    r"(?:password|passwort|pass ?word|log-?in(?: data| details)?|zugangsdaten|pin|mot de passe"
    r"|contraseña|senha|wachtwoord|verification code|security code|2fa code"
    r"|(?:six|6)-digit code|sms[ -]code|code…(?:sms|phone|handy|téléphone|móvil))"
)
REQUESTS = (
    phrases(
        rf"(?:send|give|tell|share|forward|enter|type|provide|need|text)…(?:your|the|that)…{_LOG_IN}",
        rf"(?:schick|gib|sag|nenn|brauche?|teil)\w{{0,3}}…(?:dein|das|den|ihr)\w{{0,2}}…{_LOG_IN}",
        rf"(?:envoye\w|donne\w|saisi\w{{1,5}}|confirme\w)…(?:votre|ton|le)…{_LOG_IN}",
        rf"(?:introduce|envía\w{{0,2}}|dime|escribe|manda\w{{0,2}}|verifica)…(?:tu|su|la|el)…{_LOG_IN}",
        r"(?:seed|recovery|wallet) phrase|wiederherstellungsphrase|phrase de récupération"
        r"|frase (?:semilla|de recuperación)|private key",
    ),
)
LURES = (
    phrases(
        r"log ?in|log-in|sign ?in|verify (?:your|the)|confirm your|update your|restore your"
        r"|your (?:account|page|profile)…(?:suspended|blocked|violates|limited|deleted)"
        r"|password|payout is (?:waiting|lost)|could not process…payment",
        r"(?:bestätig\w{1,3}|verifizier\w{1,4})…(?:konto|daten|identität)|konto…gesperrt|passwort"
        r"|einloggen",
        r"(?:confirme\w|vérifie\w)…(?:compte|identité)|compte…bloqué|connecte\w-vous|mot de passe",
        r"verifica…(?:cuenta|identidad)|cuenta…bloqueada|contraseña|inicia sesión",
        r"verifica…(?:account|identità)|accedi qui|confirme sua conta|senha",
    ),
)
_MARKDOWN = re.compile(r"\[([^\]\n]{1,300})\]\(\s?(https?://[^)\s]{1,500})\)", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\b[^>]{0,200}?href\s?=\s?[\"']?(https?://[^\"'>\s]{1,500})[^>]{0,200}>([^<]{1,300})</a",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Suspicion:
    words: str
    why: str = ""


def phishing_signs(text: str, *, own_hosts: frozenset[str] = frozenset()) -> list[Suspicion]:
    """What in ``text`` is after the reader's log-in or leads astray.

    :param own_hosts: where this Fairground runs; links there are its own.
    """
    found = [
        Suspicion(f"{shown} → {host}", "shows one address and opens another")
        for shown, host in _dressed(text)
    ]
    others = [link for link in links(text) if link.host not in own_hosts]
    found += [Suspicion(link.shown, why) for link in others if (why := what_is_wrong(link))]
    strangers = [link for link in others if not link.is_trusted]
    for sentence in sentences(text):
        if warns_itself(sentence):
            continue
        found += [Suspicion(words) for words in found_in(REQUESTS, sentence)]
        if strangers:
            found += [
                Suspicion(f"“{words}” with {strangers[0].shown}", "asks to log in elsewhere")
                for words in found_in(LURES, sentence)
            ]
    return found


def _dressed(text: str) -> list[tuple[str, str]]:
    """(what is shown, host it opens) of links whose text names another host."""
    pairs = [(found[1], found[2]) for found in _MARKDOWN.finditer(text)]
    pairs += [(found[2], found[1]) for found in _ANCHOR.finditer(text)]
    dressed = []
    for shown, address in pairs:
        host = link_of(address).host
        if any(link.host != host for link in links(shown)):
            dressed.append((shown, host))
    return dressed
