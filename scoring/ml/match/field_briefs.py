"""Hand-written briefs that describe a field without naming it, and talk to put around a field.

They ask of text evidence what short briefs of a field's name cannot: to understand other words
for the field, and to find the field among deliverables, dates and tone. `LONG_FORMS` of the
placing half are not those of the measuring half, so that no wording is chosen on itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.ml.match_training import make_brief
from scoring.ml.niches import niche_terms

DESCRIPTIONS: Final[Mapping[str, str]] = {
    # Fields of the placing half.
    "bakers": "We want people who pull sourdough loaves, croissants and layered cakes out of the "
    "oven and show how dough is made.",
    "barbers": "Who gives men the sharpest fades and trims beards with a razor? We sell clippers.",
    "bmx": "Riders who spin tailwhips on small bikes at the skatepark and film their best lines.",
    "bodybuilding": "Men and women who lift heavy, count their protein and step on stage to show "
    "size and muscle in posing trunks.",
    "chefs": "People who run a restaurant kitchen, plate fine dishes and tell how a menu is born.",
    "climbers": "Boulderers and mountain people at home on steep rock, with rope and chalk.",
    "crafts-diy": "Handmade things: sewing, paper, glue and wood, with steps to follow at home.",
    "dancers": "Movers with choreography: ballet, salsa or street battles, on stage and in class.",
    "djs": "Those who mix house and techno records behind the decks in clubs until morning.",
    "fashion": "Outfits of the day, new clothes each season, runway looks and where to buy them.",
    "gardening": "Growing tomatoes and roses, composting, raised beds, houseplants and seeds.",
    "graffiti": "Murals and tags with spray cans on city walls.",
    "guitar": "Six strings, riffs and solos, pedals and amplifiers, acoustic or electric.",
    "gymnasts": "Beam, bars, vault and floor: flips and handstands trained every day in leotards.",
    "home-decor": "Beautiful rooms: sofas, wallpaper, lamps and how to arrange them.",
    "illustrators": "Drawings with pencil, ink or tablet for picture books and posters.",
    "marathon": "People who train for 42 kilometres on the road and share their long-distance "
    "times.",
    "mothers": "Parents raising babies and small children who talk about pregnancy, family life "
    "and sleepless nights.",
    "nutrition": "Registered dietitians who explain vitamins, macros and how to eat well.",
    "painters": "Oil and acrylic on canvas, brushes, studios and gallery shows.",
    "rappers": "MCs with bars and beats who drop mixtapes and freestyle.",
    "runners": "People in trainers who log their kilometres on trails and tracks before work.",
    "skiing": "Powder days in the Alps, slopes and fresh snow, goggles on.",
    "stylists": "Those who dress celebrities for shoots and put wardrobes together for clients.",
    "travel": "Wanderers who show far countries, hotels, flights and hidden beaches.",
    "vegan": "Plant-based eaters: no meat, no dairy, no eggs, for the animals.",
    "wellness": "Self-care, balance, good sleep, breathing and feeling well in body and mind.",
    "zen-meditation": "Sitting in silence on a cushion, mindfulness, calm and Buddhist teaching.",
    # Fields of the measuring half.
    "architecture": "Buildings, facades, floor plans and concrete: people who design houses or "
    "take pictures of them.",
    "beauty": "Lipstick, hair care and glowing faces: people who try out new products and tell "
    "which are worth the money.",
    "boxers": "Fighters who train jabs and hooks with gloves on the heavy bag and step into the "
    "ring for title bouts.",
    "cat-owners": "People who live with a kitten and film its purring and whiskers every day.",
    "christian": "Believers in Jesus who share Bible verses, prayer and their church life.",
    "cinema": "People who watch films, review them, or direct and shoot them.",
    "comedians": "Stand-up acts and sketches that make people laugh, with punchlines and jokes.",
    "cooking": "Easy recipes for weeknight dinners: pans, sauces, spices and step-by-step videos.",
    "craft-beer": "IPA, stout and lager from small breweries, hops, taprooms and tasting notes.",
    "cyclists": "Road and gravel riders with carbon frames, long climbs and Sunday pedalling.",
    "divers": "Scuba and free diving: reefs, sharks, masks and fins, deep under water.",
    "dog-owners": "People who walk their puppy, train it and share its life on four paws.",
    "environmentalist": "People who fight climate change and plastic waste, and live sustainably.",
    "food": "Delicious plates, burgers, brunch spots and restaurants worth a visit.",
    "gaming": "Streamers who play Fortnite or League of Legends on console and PC, live on Twitch.",
    "golfers": "People who work on their swing, putt on the green and lower their handicap.",
    "graphic-designers": "Logos, typography, brand identity, layouts and posters for clients.",
    "hypebeast": "Limited sneakers, streetwear drops, Supreme and Jordans, outfits for the street.",
    "journalists": "Reporters and news correspondents who write for papers and do interviews.",
    "kayak": "Paddlers on rivers and along the coast, in small boats through white water.",
    "makeup-artists": "People who do faces for brides and film sets with brushes, contour and "
    "eyeshadow.",
    "nail-artists": "Manicures with gel and acrylic, stickers and glitter on fingertips.",
    "outdoors": "Hiking, tents, campfires, national parks and mountain views in the wild.",
    "photographers": "People who take portraits and landscapes with a camera and good lenses.",
    "pole-dancers": "Spins, inverts and climbs on a vertical bar, strength and flexibility in "
    "high heels.",
    "reggae": "Roots and dub music from Jamaica, sound systems and Rastafari.",
    "sculptors": "Figures in bronze, clay, marble or wood, made by hand in a studio.",
    "skincare": "Cleansers, serums, sunscreen and routines against acne and dry faces.",
    "soccer-players": "Professional strikers and goalkeepers who score goals in league matches.",
    "surf": "Chasing waves on a board, barrels at dawn, wax and wetsuits.",
    "tattoo-artists": "Ink on skin: needles, sleeves, flash sheets, blackwork and studios that "
    "take bookings.",
    "tennis-players": "Serve, forehand and backhand on clay and grass courts, racket in hand.",
    "wedding": "Brides, white dresses, vows, bouquets and the big day.",
    "yoga": "Sun salutations, downward dog, mats, breath and asana flows.",
}

PLACING_FORMS: Final = (
    "Hi there! Our brand turns ten this May and we are planning something special. {} Each of you "
    "would make three reels and one carousel, tag our account and use our code. Drafts are due on "
    "the 4th and everything goes live on 18 May. Please keep it warm, funny and never salesy.",
    "About us: a young company from Lisbon with 40 employees and shops in six countries. "
    "{} We pay 600 euros per video plus a commission of eight per cent on sales, and we ask for "
    "usage rights for ninety days. Send us your media kit, your rates and your audience figures.",
    "{} Budget is fixed, travel costs are covered, and contracts are signed before the shoot. "
    "The tone is calm and factual. No mention of competitors for 30 days, paid partnership label "
    "required, results reported a week after the last story.",
)
MEASURING_FORMS: Final = (
    "Our company launches a new line next spring. {} They should be honest voices who enjoy "
    "telling their community about it in short videos, and who can publish two posts and three "
    "stories within four weeks.",
    "Hello! We are a small family business from the north and our customers are mostly parents. "
    "For our autumn campaign we need people with a loyal following. {} You get free samples, a "
    "fair fee and full freedom over what you film.",
    "Campaign summary. Goal: awareness among 25 to 40 year olds before the holidays. Deliverables: "
    "two TikTok videos of 30 seconds, one YouTube mention, link in bio for a week. {} Timeline: "
    "product ships 1 October, first cut 12 October, live 20 October. Style: bright, playful, "
    "confident, with subtitles. Payment within 14 days of publishing, exclusivity of one month.",
)
PLACING_SENTENCES: Final = (
    "For our summer sale we are looking for people known for {} who can film one reel and send us "
    "the raw files by 3 June, in return for a fee and free products. We have been in business "
    "since 2009.",
    "As a young brand we would love to meet {} creators with an engaged audience, fluent English "
    "and their own camera, to produce four stories and a tutorial for our launch in July. Please "
    "quote your price.",
)
MEASURING_SENTENCES: Final = (
    "Our company launches a new line next spring. We want honest voices around {} who enjoy "
    "telling their community about it in short videos, and who can publish two posts and three "
    "stories within four weeks.",
    "Hello! We are a small family business from the north and our customers are mostly parents. "
    "For our autumn campaign we need people with a loyal following who post about {}. You get free "
    "samples, a fair fee and full freedom over what you film.",
)


@dataclass(frozen=True)
class FieldBrief:
    """One brief, the niche it asks for, and its kind."""

    niche: str
    kind: str
    text: str


def make_briefs(niches: Sequence[str], *, measuring: bool) -> list[FieldBrief]:
    """Briefs of five kinds for fields of one half; those with a description have all five."""
    forms = MEASURING_FORMS if measuring else PLACING_FORMS
    sentences = MEASURING_SENTENCES if measuring else PLACING_SENTENCES
    briefs = []
    for place, niche in enumerate(sorted(niches)):
        named = make_brief(niche)
        inside = sentences[place % len(sentences)].format(niche_terms(niche))
        briefs += [
            FieldBrief(niche, "name", named),
            FieldBrief(niche, "name amid talk", long_brief(place, named, forms)),
            FieldBrief(niche, "name inside a long sentence", inside),
        ]
        if niche in DESCRIPTIONS:
            text = DESCRIPTIONS[niche]
            briefs += [
                FieldBrief(niche, "description", text),
                FieldBrief(niche, "description amid talk", long_brief(place, text, forms)),
            ]
    return briefs


def long_brief(form: int, field: str, forms: tuple[str, ...]) -> str:
    """The `form`-th talk, counted round, with what is said of the field in it."""
    return forms[form % len(forms)].format(field)
