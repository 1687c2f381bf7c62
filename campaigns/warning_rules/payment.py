"""Payment that would pass Fairground by, in the words people use for it."""

import re

from campaigns.warning_rules.bank_details import ibans, wallets
from campaigns.warning_rules.words import found_in, phrases, sentences, warns_itself

# Names of ways to pay a person. What else the word means is left to the cues below.
_WAY = (
    r"(?:pay ?pal|venmo|cash ?app|zelle|revolut|wise|western union|money ?gram|payoneer|skrill"
    r"|bizum|pix|tikkie|twint|swish|crypto|bitcoins?|btc|usdt|usdc|eth|ethereum)"
)
_OWN = (
    r"(?:my|your|our|mein(?:e[nmr]?)?|dein(?:e[nmr]?)?|mon|ma|votre|ton|mi|tu|mio|tuo|il tuo|meu"
    r"|seu|mijn|jouw|je)"
)
_PERSON = r"(?:me|you|u|us|mir|dir|uns|mij|te)"
_ACCOUNT = (
    r"(?:(?:bank )?account|konto|bankkonto|compte|cuenta|conto|conta|rekening|wallet|iban|rib)"
)
_PLATFORM = (
    r"(?:platform|plattform|plateforme|plataforma|piattaforma|fairground|the site|this site"
    r"|website)"
)
_PAY = (
    r"(?:pay|pays|paying|paid|payment|send|sends|transfer|wire|invoice|settle|zahl(?:e|en|t|st)?"
    r"|überweis(?:e|en|t)|schick(?:e|en|t)?|abrechnen|bezahl(?:e|en|t)?|payer|paie|paiement|envoye[rz]"
    r"(?:-moi)?|verser|pagar(?:te|me)?|pag[oaá](?:me|te|r)?|págame|págueme|pagarti|pagarmi|pagami"
    r"|envía(?:me)?|hazme|betaal|betalen|manda(?:mi|me)?)\b"
)

WAYS = (
    phrases(
        rf"{_OWN} {_WAY}",
        rf"{_WAY} (?:me|you|us|address|adresse|account|number|handle|tag|konto|friends and family)",
        rf"{_PAY}…(?:{_PERSON}|{_OWN})…(?:via|by|per|par|por|con|through|with|over|auf|to|in|on|mit"
        rf"|using|of) {_WAY}",
        rf"{_PAY}…{_PERSON} {_WAY}",
        rf"(?:we|i|ich|wir|on|nous) (?:only |can )?{_PAY}…(?:in|via|by|per|with|with) {_WAY}",
        rf"(?:get|have|want|receive) (?:the |my )?(?:money|fee|rest)…(?:via|by|per|through) {_WAY}",
        rf"(?:i|we|you) (?:only )?(?:take|accept)…{_WAY}",
        rf"(?:payment|paiement|zahlung|pago|pagamento)…(?:via|by|per|par|por|con|with) {_WAY}",
        rf"{_PAY} (?:me|te|ti|you|je|vous)?…(?:via|par|per|por|con|by|through) {_WAY}",
        rf"(?:send|transfer) \d+ ?{_WAY}",
        rf"{_WAY} only",
        r"i(?:['’]ll| will) (?:zelle|venmo|paypal|cashapp) (?:you|it)",
        r"\$[a-z][a-z0-9]{2,19}",
        r"cashtag",
        r"western union|money ?gram",
        r"paypal friends (?:and|&) family",
        r"(?:amis et proches|freunde und familie)",
    ),
)
# What a campaign says about paying is no payment.
_ABOUT_THE_CAMPAIGN = phrases(
    "customers?", "followers?", "community", "audience", "campaign", "kampagne", "script", "video",
    "reel", "client", "kunden", "spot", "app we", "brands?", "cashback", "clientes", "clients",
)  # fmt: skip

AROUND = (
    phrases(
        rf"(?:outside|off|around|bypass|circumvent|skip|leave) (?:of )?(?:the |this )?{_PLATFORM}",
        rf"(?:ausserhalb|außerhalb) (?:der |von |dieser )?{_PLATFORM}",
        rf"{_PLATFORM} (?:umgehen|vorbei)",
        rf"(?:nicht|ohne) (?:über )?(?:die )?{_PLATFORM}",
        rf"(?:en dehors de|hors de|sans passer par) (?:la |le |l['’])?{_PLATFORM}",
        rf"(?:fuera|al margen) de (?:la |esta )?{_PLATFORM}",
        rf"(?:fuori|al di fuori) (?:dalla|della|da) ?{_PLATFORM}",
        rf"(?:por fora|fora) (?:da|desta) {_PLATFORM}",
        rf"buiten (?:het |de )?{_PLATFORM}",
        r"settle (?:it |this )?between us|between (?:the two of )?us…cheaper",
        r"invoice (?:us|me) privately",
        r"bleibt (?:es |das )?unter uns",
        rf"(?:avoid|save|spare|skip|dodge|without|why (?:pay|give))…(?:platform(?:'s)? fees?|fees?"
        rf"|commission|{_PLATFORM}…(?:fee|percent|%))",
        r"(?:spar(?:st|en|e|t)|ohne)…(?:gebühr(?:en)?|provision)",
        r"(?:éviter|économis\w{1,4}|sans)…(?:les |de )?(?:frais|commission)",
        r"(?:ahorra\w{0,4}|evitar|sin|no hay)…(?:la |las )?comisi(?:ón|ones)",
        r"(?:evit\w{1,5}|senza)…(?:le |la )?commission[ei]",
        r"(?:evitar|sem)…(?:a |as )?(?:taxas?|comiss(?:ão|ões))",
        r"(?:geen|zonder)…(?:kosten|commissie)",
    ),
)
DIRECTLY = (
    phrases(
        rf"{_PAY} (?:me|you|us|mir|dir|te|ti|je|vous)…(?:directly|direct|direkt|directement"
        r"|directamente|direttamente|diretamente|rechtstreeks)(?! (?:after|nach|après))",
        rf"{_PAY}…(?:straight|directly|direct|direkt)…(?:to|auf)…{_OWN} {_ACCOUNT}",
        rf"{_PAY}\b…\b(?:to|auf|sur|a|naar) {_OWN} (?:\w+ )?{_ACCOUNT}",
        r"(?:pay|zahlt?|pagar|pagarti|payer|betaal)…(?:directly|direkt|directamente|directement"
        r"|diretto|rechtstreeks)…(?:to|auf|via|par|sur|a|per|through)",
        r"bonifico diretto",
    ),
)
CASH = (
    phrases(
        r"(?:pay|paid|half|rest)…in cash",
        r"(?:geben|zahle|zahlen|gebe|honorar)…\bbar\b(?:geld)?",
        r"(?:payer|paie|règle)…en espèces",
        r"(?:pago|pagar|pagarte|pagamos)…en efectivo",
        r"(?:pago|pagare|pagarti)…in contanti",
    ),
)
IN_ADVANCE = (
    phrases(
        r"(?:you|we)…(?:pay|transfer|send)…(?:registration|activation|starter|training|processing)"
        r" fee",
        r"(?:have|need) to pay…(?:fee|deposit|bail)…(?:first|before|sample|50|for)?",
        r"gift cards?…(?:send|codes?)",
        r"(?:check|cheque)…(?:keep|send)…(?:rest|difference|back)",
    ),
)
_LINKS = re.compile(
    r"(?<![\w.])(?:paypal\.me|venmo\.com|cash\.app|revolut\.me|wise\.com/pay|buymeacoffee\.com"
    r"|ko-fi\.com)(?:/[\w$@.-]{1,60})?",
    re.IGNORECASE,
)


def payment_words(text: str) -> list[str]:
    """What in ``text`` speaks of paying past Fairground."""
    found = [*ibans(text), *wallets(text), *(link[0] for link in _LINKS.finditer(text))]
    for sentence in sentences(text):
        if warns_itself(sentence):
            continue
        if not _ABOUT_THE_CAMPAIGN.search(sentence):
            found += found_in(WAYS + CASH, sentence)
        found += found_in(AROUND + DIRECTLY + IN_ADVANCE, sentence)
    return found
