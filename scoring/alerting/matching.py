"""Which creators a rule is about, as SQL: the same text in checks and in back-tests.

``version`` is a row with the columns of an `AlertVersion`, ``entry`` one of `SearchEntry`.
"""

IN_SCOPE = """
entry.is_visible
AND (version.platforms = '{}' OR entry.platform = ANY(version.platforms))
AND (version.niches = '{}' OR entry.niches && version.niches::varchar[])
AND (version.country_keys = '{}' OR entry.country_key = ANY(version.country_keys))
AND (version.min_followers IS NULL OR entry.followers >= version.min_followers)
AND (version.max_followers IS NULL OR entry.followers <= version.max_followers)
AND CASE version.scope
    WHEN 'filters' THEN true
    WHEN 'named' THEN entry.creator_id = ANY(version.creator_ids)
    WHEN 'shortlist' THEN EXISTS (
        SELECT 1 FROM campaigns_shortlistentry listed
        WHERE listed.shortlist_id = version.shortlist_id AND listed.removed_at IS NULL
          AND listed.creator_id = entry.creator_id)
END
"""

NOT_HIDDEN = """
coalesce((
    SELECT word.kind FROM scoring_interactionevent word
    WHERE word.brand_id = {brand} AND word.creator_id = entry.creator_id
      AND word.kind IN ('hide', 'unhide')
    ORDER BY word.at DESC, word.id DESC LIMIT 1
), '') <> 'hide'
"""
"""The brand's last word about a creator, as `scoring.interactions.hiding` reads it."""
