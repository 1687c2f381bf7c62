"""Hurry. Alone it is everyday; beside another warning it is how people are made not to think."""

from campaigns.warning_rules.words import found_in, phrases

HURRY = (
    phrases(
        r"urgent(?:ly)?|immediately|right now|at once|within \d{1,2} hours?|today only|last chance"
        r"|otherwise…lost|or (?:you|it)…(?:lose|lost|deleted)|suspended|expires (?:today|soon)",
        r"sofort|dringend|heute noch|innerhalb von \d{1,2} stunden|gesperrt|letzte chance",
        r"urgent|immédiatement|tout de suite|dernière chance|bloqué",
        r"urgente|inmediatamente|ahora mismo|última oportunidad|bloqueada",
        r"subito|immediatamente|agora mesmo|imediatamente|onmiddellijk",
    ),
)


def urgency_words(text: str) -> list[str]:
    return list(found_in(HURRY, text))
