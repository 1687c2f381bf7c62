"""Keywords of groups of texts by TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer

# What nearly every profile says, and what masking left behind, names no niche.
# fmt: off
PROFILE_WORDS = frozenset((
    "account", "bio", "business", "click", "collab", "collabs", "com", "contact", "content",
    "creator", "daily", "dm", "email", "enquiries", "follow", "followers", "foryou",
    "foryoupage", "fyp", "hello", "hey", "hi", "https", "ig", "info", "inquiries", "insta",
    "instagram", "instagood", "just", "life", "like", "link", "love", "mail", "new",
    "official", "page", "people", "phone", "photooftheday", "picoftheday", "pr", "snap",
    "snapchat", "someone", "subscribe", "team", "tiktok", "twitter", "viral", "www", "xoxo",
    "youtube", "yt",
))
# fmt: on


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
    texts: Sequence[str], clusters: NDArray[np.integer], n_clusters: int, n_keywords: int = 3
) -> list[list[str]]:
    """Words that set each cluster apart from the others, most telling first.

    Class-based TF-IDF: the share of a cluster's texts that hold the word × the logarithm
    of how much rarer it is overall. Ties go by alphabet, so the answer is the same
    everywhere. An empty cluster has no keywords.
    """
    counter = CountVectorizer(
        binary=True,
        min_df=min(5, max(1, len(texts) // 50)),
        stop_words=sorted(ENGLISH_STOP_WORDS | PROFILE_WORDS),
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
        share = np.asarray(counts[inside].mean(axis=0)).ravel()
        weight = share * np.log1p(share / overall)
        order = np.lexsort((words, -np.round(weight, 12)))[:n_keywords]
        keywords.append([str(words[i]) for i in order if weight[i] > 0])
    return keywords
