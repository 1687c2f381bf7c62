"""Hashtags that name a brand, for reading creator files; written down, not learned.

Words that usually mean something else (apple, target, ghost, columbia) are left out. Crossfit,
Disney, Marvel and the like are what people enjoy as much as what they advertise: a tag says
that a creator posts about the brand, not that the two worked together.
"""

from __future__ import annotations

from typing import Final

_SPORT = """nike adidas gymshark lululemon puma newbalance reebok underarmour crossfit herbalife
myprotein bangenergy monsterenergy redbull garmin fitbit peloton patagonia thenorthface
salomon asics decathlon oakley zumba aloyoga gopro optimumnutrition"""
_FASHION = """shein zara hm fashionnova gucci prada dior chanel louisvuitton hermes versace burberry
balenciaga fendi valentino armani dolceandgabbana michaelkors calvinklein tommyhilfiger ralphlauren
lacoste hollister abercrombie uniqlo asos boohoo prettylittlething missguided primark bershka
stradivarius pullandbear levis vans converse crocs drmartens timberland rolex cartier
breitling swarovski pandora victoriassecret savagexfenty skims nastygal revolve
urbanoutfitters americaneagle freepeople romwe depop vinted poshmark etsy"""
_BEAUTY = """sephora hudabeauty maccosmetics fentybeauty maybelline lorealparis loreal nyxcosmetics
benefitcosmetics urbandecay toofaced tarte tartecosmetics morphe colourpop elfcosmetics glossier
theordinary cerave rarebeauty kyliecosmetics anastasiabeverlyhills narsissist nars nyx esteelauder
lancome clinique ultabeauty ulta jeffreestarcosmetics charlottetilbury olaplex
dyson"""
_MOTOR = """bmw
ferrari porsche mercedes audi lamborghini ford toyota honda jeep tesla yamaha kawasaki
ducati harleydavidson subaru nissan mclaren volkswagen ktm suzuki mercedesbenz"""
_TECHNOLOGY = """canon nikon sony samsung fujifilm iphone shotoniphone dji playstation xbox nintendo
nintendoswitch fortnite minecraft roblox twitch discord spotify netflix hbo callofduty warzone
valorant leagueoflegends genshinimpact sims4 gta5 pokemon"""
_HOME_AND_FOOD = """starbucks
mcdonalds cocacola pepsi nutella oreo hellofresh chipotle dunkin tacobell
kfc dominos ikea lego walmart amazon amazonfinds costco homegoods dollartree sheinhaul targetfinds
targetstyle barbie disney disneyland disneyworld marvel starwars harrypotter airbnb emirates
traderjoes aldi lidl temu funko pampers"""

BRAND_TAGS: Final[frozenset[str]] = frozenset(
    " ".join((_SPORT, _FASHION, _BEAUTY, _MOTOR, _TECHNOLOGY, _HOME_AND_FOOD)).split()
)
