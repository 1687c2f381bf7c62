"""Keywords of groups of texts by TF-IDF."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer

# What nearly every profile says, what asks the feed to show a video, what masking left behind,
# and the short words of languages scikit-learn has no list for: none of it names a niche.
# fmt: off
PROFILE_WORDS = frozenset((
    "account", "ads", "based", "bio", "booking", "business", "challenge", "click", "collab",
    "collabs", "com", "contact", "contato", "contacto", "content", "creator", "daily", "dm",
    "duet", "duets", "email", "enquiries", "explore", "follow", "followers", "foryou",
    "foryoupage", "fouryou", "fouryoupage", "fyp", "gmail", "greenscreen", "hello", "hey", "hi",
    "https", "ig", "info", "inquiries", "insta", "instagram", "instagood", "just",
    "keşfet", "kesfet", "life", "like", "link", "love", "mail", "new", "nstagram", "official",
    "page", "parati", "people", "phone", "photooftheday", "picoftheday", "pourtoi", "pr", "promo",
    "reklam", "snap", "snapchat", "someone", "stitch", "subscribe", "team", "tik", "tiktok",
    "tiktoksa", "tok", "trend", "trending", "trends", "twitter", "viral", "www", "xoxo",
    "xyzbca", "xyzcba", "youtube", "yt",
))
FUNCTION_WORDS = frozenset((
    "avec", "bei", "bir", "che", "com", "como", "con", "das", "dan", "dans", "dei", "del",
    "della", "dem", "den", "der", "des", "dia", "die", "dos", "ein", "eine", "est", "für", "gli",
    "ich", "için", "ile", "las", "les", "los", "mais", "mas", "mein", "mes", "meu", "meus", "mia",
    "minha", "mio", "mis", "mit", "mon", "más", "não", "nicht", "non", "nos", "oder", "par",
    "para", "pas", "per", "por", "pour", "que", "qui", "sem", "sin", "son", "sono", "sua", "sul",
    "sur", "tous", "tout", "tudo", "uma", "una", "und", "une", "uno", "untuk", "ven", "von",
    "vous", "yang", "çok",
))
# fmt: on
FEWEST_CREATORS = 2

# Masks such as <email>, and markup. A "<" without its ">" is a heart.
_MARKUP = re.compile(r"<[^<>\n]{0,200}>|&\w{2,8};")
_ADDRESS = re.compile(
    r"@|://|^www\.|\.(?:com|net|org|me|ee|co|io|tv|shop|link|fr|de|it|es|uk)\b", re.IGNORECASE
)


def topic_text(text: str) -> str:
    """A profile's text without markup, masks, addresses and mentions, for reading keywords."""
    words = _MARKUP.sub(" ", text).split()
    return " ".join(word for word in words if not _ADDRESS.search(word))


def extract_document_keywords(
    texts: Sequence[str], clusters: NDArray[np.integer], n_keywords: int = 3
) -> dict[int, str]:
    """Keywords per cluster as seed document 001 has them: "a, b, c" in alphabetical order.

    A TF-IDF vectoriser per cluster (words and pairs, English stop words left out) limited
    to its `n_keywords` most frequent terms. Which of equally frequent terms are kept is
    left to scikit-learn's sort, as in the document. A cluster without a word has "".
    """
    keywords = {}
    for cluster in np.unique(clusters):
        members = [text for text, own in zip(texts, clusters, strict=True) if own == cluster]
        vectorizer = TfidfVectorizer(
            max_features=n_keywords, stop_words="english", ngram_range=(1, 2)
        )
        try:
            vectorizer.fit(members)
        except ValueError:  # an empty vocabulary: stop words only
            keywords[int(cluster)] = ""
        else:
            keywords[int(cluster)] = ", ".join(vectorizer.get_feature_names_out())
    return keywords


def extract_cluster_keywords(
    texts: Sequence[str],
    clusters: NDArray[np.integer],
    n_clusters: int,
    n_keywords: int = 3,
    *,
    fewest_texts: int = 1,
) -> list[list[str]]:
    """Words that set each cluster apart from the others, most telling first.

    Class-based TF-IDF: the share of a cluster's texts that hold the word × the logarithm
    of how much rarer it is overall. Ties go by alphabet, so the answer is the same
    everywhere. An empty cluster has no keywords.

    :param fewest_texts: a keyword stands in this many texts of its cluster, so that with 2
        and a text per creator none is one person's own word.
    """
    counter = CountVectorizer(
        binary=True,
        min_df=min(5, max(1, len(texts) // 50)),
        stop_words=sorted(ENGLISH_STOP_WORDS | PROFILE_WORDS | FUNCTION_WORDS),
        token_pattern=r"[^\W\d_]{3,}",  # noqa: S106
    )
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # an empty vocabulary
        return [[] for _ in range(n_clusters)]
    words = counter.get_feature_names_out()
    overall = np.asarray(counts.mean(axis=0)).ravel()
    keywords: list[list[str]] = []
    for cluster in range(n_clusters):
        inside = np.flatnonzero(clusters == cluster)
        if not inside.size:
            keywords.append([])
            continue
        held = np.asarray(counts[inside].sum(axis=0)).ravel()
        share = np.where(held >= fewest_texts, held / inside.size, 0.0)
        weight = share * np.log1p(share / overall)
        order = np.lexsort((words, -np.round(weight, 12)))[:n_keywords]
        keywords.append([str(words[i]) for i in order if weight[i] > 0])
    return keywords
