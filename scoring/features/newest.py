"""The newest known value of a measured column, as SQL.

Sources bring different columns: a growth file knows followers and nothing else. The
newest row as a whole would hide what an older row knows, so each column is taken from
the newest row that has it.
"""


def newest_known(column: str, *, known: str = "") -> str:
    """An aggregate over an account's metric rows, named like the column.

    :param known: the condition under which a row knows the column; default not null.
    """
    condition = known or f"{column} IS NOT NULL"
    return (
        f"(array_agg({column} ORDER BY day DESC, recorded_at DESC) "
        f"FILTER (WHERE {condition}))[1] AS {column}"
    )
