"""Bios and captions that are not English, and where each language is spoken.

A dozen niches have words in five more languages, so that briefs and models meet text they
were mostly not made for. Other niches write English everywhere.
"""

from dataclasses import dataclass, field

ENGLISH = ("United States", "United Kingdom", "Canada", "Australia", "Ireland", "India",
           "South Africa", "Singapore")  # fmt: skip
COUNTRIES: dict[str, tuple[str, ...]] = {
    "en": (*ENGLISH, "Germany", "Spain", "Italy", "Norway", "Brazil", "Japan"),
    "de": ("Germany", "Austria", "Switzerland"),
    "fr": ("France", "Belgium", "Canada"),
    "es": ("Spain", "Colombia", "Argentina", "Chile"),
    "pt": ("Brazil", "Portugal"),
    "zh": ("China",),
}
ALL_COUNTRIES: tuple[str, ...] = tuple(
    dict.fromkeys(country for group in COUNTRIES.values() for country in group)
)


@dataclass(frozen=True)
class Tongue:
    """Sentence patterns over ``{role}``, ``{a}``, ``{b}``, ``{c}`` and a niche's words.

    ``words`` maps a niche label to (role, three topics).
    """

    bios: tuple[str, ...]
    captions: tuple[str, ...]
    words: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)


TONGUES: dict[str, Tongue] = {
    "de": Tongue(
        bios=(
            "{role} | {a}, {b} und {c}",
            "Hier geht es um {a} und {b}. Jeden Sonntag neu.",
            "{a} • {b} • {c} – ehrlich getestet",
        ),
        captions=(
            "Heute geht es um {a}. Was sind eure Tipps?",
            "Drei Dinge, die ich über {b} gelernt habe.",
            "Endlich geschafft: {c}!",
        ),
        words={
            "cooking": ("Hobbykoch", "schnelle Abendessen", "saisonales Gemüse", "Eintopf"),
            "fitness": ("Trainer", "Krafttraining", "Übungen für zu Hause", "Beweglichkeit"),
            "skincare": ("Hautpflege", "Sonnenschutz", "empfindliche Haut", "Inhaltsstoffe"),
            "makeup": ("Make-up", "schnelles Make-up", "Lidstrich", "tierversuchsfreie Pinsel"),
            "fashion": ("Mode", "kleine Garderobe", "Mode aus zweiter Hand", "Leinenhosen"),
            "travel": ("Reisende", "Nachtzüge", "kleine Inseln", "Reisen mit wenig Geld"),
            "home-decor": ("Wohnen", "kleine Wohnungen", "gebrauchte Möbel", "warmes Licht"),
            "mothers": ("Mama", "Brotdosen", "Schlafenszeit", "Spielideen für Kleinkinder"),
            "gaming": ("Spieler", "Indie-Spiele", "gemütliche Spiele", "Koop-Abende"),
            "comedians": ("Komiker", "Sketche aus dem Büro", "Familienfiguren", "schlechte Witze"),
            "dog-owners": ("Hundemensch", "Rückruf", "Hunde aus dem Tierschutz", "Spaziergänge"),
            "gardening": ("Gärtnerin", "Kompost", "Tomaten auf dem Balkon", "Hochbeete"),
        },
    ),
    "fr": Tongue(
        bios=(
            "{role} | {a}, {b}, {c}",
            "Je partage {a} et {b}, sans filtre.",
            "Un peu de {a}, beaucoup de {b}",
        ),
        captions=(
            "Aujourd'hui on parle de {a}. Vos conseils ?",
            "Trois choses apprises sur {b}.",
            "Enfin : {c} !",
        ),
        words={
            "cooking": ("Cuisine", "dîners rapides", "légumes de saison", "plats uniques"),
            "fitness": ("Coach", "renforcement musculaire", "sport à la maison", "mobilité"),
            "skincare": ("Soin", "crème solaire", "peau sensible", "listes d'ingrédients"),
            "makeup": ("Maquillage", "maquillage express", "eye-liner", "pinceaux véganes"),
            "fashion": ("Mode", "garde-robe capsule", "seconde main", "pantalons en lin"),
            "travel": ("Voyage", "trains de nuit", "petites îles", "voyages à petit budget"),
            "home-decor": ("Déco", "petits appartements", "meubles chinés", "lumière douce"),
            "mothers": ("Maman", "boîtes à goûter", "rituels du coucher", "jeux sensoriels"),
            "gaming": ("Joueur", "jeux indépendants", "jeux cosy", "soirées en coop"),
            "comedians": ("Humour", "sketchs de bureau", "personnages de famille", "imitations"),
            "dog-owners": ("Chien", "éducation canine", "chiens de refuge", "balades boueuses"),
            "gardening": ("Jardin", "compost", "tomates au balcon", "plantes locales"),
        },
    ),
    "es": Tongue(
        bios=(
            "{role} | {a}, {b} y {c}",
            "Comparto {a} y {b} cada semana.",
            "{a} ✨ {b} ✨ {c}",
        ),
        captions=(
            "Hoy hablamos de {a}. ¿Qué me recomiendan?",
            "Tres cosas que aprendí sobre {b}.",
            "¡Por fin: {c}!",
        ),
        words={
            "cooking": ("Cocina", "cenas rápidas", "verduras de temporada", "guisos"),
            "fitness": ("Entrenador", "fuerza", "rutinas en casa", "movilidad"),
            "skincare": ("Piel", "protector solar", "piel sensible", "ingredientes"),
            "makeup": ("Maquillaje", "maquillaje rápido", "delineado", "brochas sin crueldad"),
            "fashion": ("Moda", "armario cápsula", "segunda mano", "pantalones de lino"),
            "travel": ("Viajes", "trenes nocturnos", "islas pequeñas", "viajar barato"),
            "home-decor": ("Decoración", "pisos pequeños", "muebles usados", "luz cálida"),
            "mothers": ("Mamá", "loncheras", "rutinas de sueño", "juegos sensoriales"),
            "gaming": ("Jugador", "juegos independientes", "juegos tranquilos", "cooperativo"),
            "comedians": ("Humor", "parodias de oficina", "personajes de familia", "chistes"),
            "dog-owners": ("Perros", "adiestramiento", "perros adoptados", "paseos con barro"),
            "gardening": ("Huerto", "compost", "tomates en el balcón", "plantas nativas"),
        },
    ),
    "pt": Tongue(
        bios=(
            "{role} | {a}, {b} e {c}",
            "Aqui tem {a} e {b} toda semana",
            "{a} 💛 {b} 💛 {c}",
        ),
        captions=(
            "Hoje é dia de {a}. Alguma dica?",
            "Três coisas que aprendi sobre {b}.",
            "Finalmente: {c}!",
        ),
        words={
            "cooking": ("Cozinha", "jantares rápidos", "legumes da estação", "panela só"),
            "fitness": ("Treino", "musculação", "treino em casa", "mobilidade"),
            "skincare": ("Pele", "protetor solar", "pele sensível", "ingredientes"),
            "makeup": ("Maquiagem", "maquiagem rápida", "delineado", "pincéis veganos"),
            "fashion": ("Moda", "armário cápsula", "brechó", "calças de linho"),
            "travel": ("Viagem", "trens noturnos", "ilhas pequenas", "viajar barato"),
            "home-decor": ("Casa", "apartamentos pequenos", "móveis usados", "luz quente"),
            "mothers": ("Mãe", "lancheiras", "rotina do sono", "brincadeiras sensoriais"),
            "gaming": ("Jogos", "jogos independentes", "jogos tranquilos", "noites em coop"),
            "comedians": ("Humor", "esquetes do escritório", "tipos da família", "piadas ruins"),
            "dog-owners": ("Cachorros", "adestramento", "cães resgatados", "passeios na lama"),
            "gardening": ("Horta", "compostagem", "tomates na varanda", "plantas nativas"),
        },
    ),
    "zh": Tongue(
        bios=(
            "{role}｜分享{a}和{b}",
            "每天一个{a}小视频，也聊{b}、{c}",
            "普通人的{a}日记 {role}",
        ),
        captions=(
            "今天聊聊{a}，你们怎么看？",
            "关于{b}的三个小技巧",
            "终于完成了{c}！",
        ),
        words={
            "cooking": ("美食", "快手晚餐", "时令蔬菜", "家常炖菜"),
            "fitness": ("健身", "力量训练", "居家锻炼", "拉伸放松"),
            "skincare": ("护肤", "防晒", "敏感肌护理", "成分分析"),
            "makeup": ("美妆", "五分钟妆容", "眼线教程", "新手化妆"),
            "fashion": ("穿搭", "胶囊衣橱", "通勤穿搭", "二手好物"),
            "travel": ("旅行", "夜间火车", "小岛", "省钱攻略"),
            "home-decor": ("家居", "小户型", "旧家具改造", "灯光"),
            "mothers": ("母婴", "宝宝辅食", "睡前故事", "亲子游戏"),
            "gaming": ("游戏", "独立游戏", "休闲游戏", "双人合作"),
            "comedians": ("搞笑", "办公室小剧场", "家庭角色", "冷笑话"),
            "dog-owners": ("萌宠", "训狗", "领养狗狗", "遛狗日常"),
            "gardening": ("园艺", "堆肥", "阳台番茄", "养花"),
        },
    ),
}
