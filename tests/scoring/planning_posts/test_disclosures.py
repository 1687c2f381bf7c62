import pytest

from scoring.planning_posts.disclosures import LEGAL_NOTE, State, check_disclosure

CLEAR, WEAK, NONE, DENIED = State.CLEAR, State.WEAK, State.NONE, State.DENIED


@pytest.mark.parametrize(
    ("caption", "state"),
    [
        ("#ad Soup today", CLEAR),
        ("Soup today #AD", CLEAR),
        ("Soup in paid partnership with a shop", CLEAR),
        ("Werbung | Neue Suppe", CLEAR),
        ("Neue Suppe (Anzeige)", CLEAR),
        ("Sopa nueva #publicidad", CLEAR),
        ("Sup baru #iklan", CLEAR),
        ("【广告】好喝", CLEAR),
        ("好喝#广告 汤", CLEAR),
        ("Nouvelle soupe, partenariat rémunéré", CLEAR),
        ("#food #ad", CLEAR),
        ("Soup #food #yum #ad #x", WEAK),
        ("so long " * 20 + "#ad", WEAK),
        ("Soup #collab", WEAK),
        ("Soup #sp", WEAK),
        ("Soup adventure #adventure", NONE),
        ("I hate Werbung so much", NONE),
        ("", NONE),
        ("Not sponsored! I love it", DENIED),
        ("Das ist keine Werbung", DENIED),
        ("I love it #notanad", DENIED),
    ],
)
def test_words_and_their_place_decide(caption: str, state: State) -> None:
    assert check_disclosure(caption).state == state


def test_what_may_be_missed_is_said_with_its_reason() -> None:
    buried = check_disclosure("Soup #food #yum #ad")
    assert "among 3 hashtags" in buried.warnings[0]
    folded = check_disclosure("so long " * 20 + "#ad")
    assert "before “more”" in folded.warnings[0]
    beside = check_disclosure("Soup", ("food", "Ad"))
    assert beside.state == WEAK
    assert "separate hashtags" in beside.warnings[0]
    unclear = check_disclosure("Soup #ambassador")
    assert "does not say that you were paid" in unclear.warnings[0]
    # one that is seen is enough
    assert check_disclosure("#ad " + "so long " * 20 + "#ad").warnings == ()


def test_agreed_words_are_looked_for_too() -> None:
    assert check_disclosure("Soup #ad", agreed="#ad").warnings == ()
    missing = check_disclosure("Soup #ad", agreed="Werbung")
    assert missing.state == CLEAR
    assert "“Werbung”, which is not in the caption" in missing.warnings[0]


def test_it_says_what_it_is() -> None:
    assert "not legal advice" in LEGAL_NOTE
    assert check_disclosure("x").to_json()["note"] == LEGAL_NOTE


def test_a_long_text_of_hashes_is_read_in_no_time() -> None:
    assert check_disclosure("#" * 5_000 + " ad").state == NONE
    assert check_disclosure("#a" * 2_500).state == NONE
