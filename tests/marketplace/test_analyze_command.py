import json

import pytest
from django.core.management import CommandError, call_command

TOPICS = {
    "fashion blogger": "new outfit today",
    "phone and gadget reviewer": "testing a camera",
    "fitness coach": "leg day workout",
    "skincare lover": "night routine",
    "pastry chef": "lemon tart recipe",
    "travel photographer": "sunset over mountains",
    "mother of three": "school lunch ideas",
    "personal finance writer": "index funds explained",
    "guitar teacher": "a new riff",
}


@pytest.fixture
def files(tmp_path):
    people = "".join(f"{i},{bio},{post}\n" for i, (bio, post) in enumerate(TOPICS.items()))
    growth = "".join(f'{i},1000,{10 * i},1,"[900, 940, 1000]"\n' for i in range(len(TOPICS)))
    contents = {
        "influencers": "influencer_id,bio,recent_captions\n" + people,
        "growth": "influencer_id,followers,avg_likes,avg_comments,follower_growth_last_30_days\n"
        + growth,
        "brands": "brand_id,brand_description,keywords\n1,Bakery supplies,baking\n",
    }
    paths = {name: tmp_path / f"{name}.csv" for name in contents}
    for name, path in paths.items():
        path.write_text(contents[name])
    return paths


def analyze(files, out, *more):
    arguments = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    call_command("analyze", *arguments, "--out", str(out), *more)


def test_analyze_writes_three_files_and_one_json_object(files, tmp_path, capsys):
    analyze(files, tmp_path / "out", "--json")
    summary = json.loads(capsys.readouterr().out)
    assert (summary["influencers"], summary["accounts"], summary["matches"]) == (9, 9, 9)
    assert sum(niche["influencers"] for niche in summary["niches"]) == 9
    assert sum(summary["risk"].values()) == 9
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "niche_classification.csv",
        "fake_follower_scores.csv",
        "brand_influencer_matches.csv",
    }
    first = (tmp_path / "out" / "brand_influencer_matches.csv").read_text().splitlines()[1]
    assert "pastry chef" in first


def test_analyze_prints_a_readable_summary(files, tmp_path, capsys):
    analyze(files, tmp_path / "out")
    printed = capsys.readouterr().out
    assert "Niches" in printed
    assert "fake_follower_scores.csv" in printed


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("growth", '99,10,1,1,"[1, 2, x]"', "growth.csv, row 11, column follower_growth_last_30"),
        ("growth", '99,0,1,1,"[1, 2]"', "growth.csv, row 11, column followers: followers is 0"),
        ("growth", '99,10,1,1,"[7]"', "growth.csv, row 11, column follower_growth.*two days"),
        ("influencers", "99,only a bio", "influencers.csv, row 11: 2 cells"),
        (
            "brands",
            "2,123,456",
            "brands.csv, row 3, column brand_description and keywords: nothing",
        ),
    ],
)
def test_analyze_names_file_row_and_column_and_writes_nothing(files, tmp_path, name, line, message):
    with files[name].open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(CommandError, match=message):
        analyze(files, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_analyze_refuses_fewer_than_eight_influencers(files, tmp_path):
    lines = files["influencers"].read_text().splitlines(keepends=True)
    files["influencers"].write_text("".join(lines[:8]))
    with pytest.raises(CommandError, match=r"influencers.csv: 8 niches need at least 8 influ.* 7"):
        analyze(files, tmp_path / "out")


def test_analyze_refuses_a_file_as_output_directory(files, tmp_path):
    with pytest.raises(CommandError, match="is a file; name a directory"):
        analyze(files, files["growth"])
