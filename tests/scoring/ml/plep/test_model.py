from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from scoring.ml import artifacts
from scoring.ml.plep import core, evaluation, fitting, paired, training, validation
from scoring.ml.plep.answers import NoPrediction, PlepPrediction
from scoring.ml.plep.counterfactuals import SMALLEST_SUGGESTED, suggest, what_if
from scoring.ml.plep.drafts import Draft, DraftRefused, PastPost, PlannedInThePast
from scoring.ml.plep.evaluation import evaluate_file
from scoring.ml.plep.images import image_facts
from scoring.ml.plep.model import PlepModel
from scoring.ml.plep.posts import read_posts
from scoring.ml.tables import TableError
from tests.scoring.ml.plep.made import encode, examples_from, made_posts, write

NOW = datetime(2026, 1, 10, 6, 30, tzinfo=UTC)
SHIPPED = Path(__file__).parents[4] / "scoring" / "artifacts"


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Fewer trees, folds and draws than in life: the planted effects are large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "ROUNDS", 60)
        patch.setattr(paired, "RESAMPLES", 60)
        patch.setattr(validation, "OUTER_FOLDS", 2)
        patch.setattr(validation, "RESAMPLES", 40)
        yield


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return examples_from(write(made_posts(), tmp_path_factory.mktemp("made")))


@pytest.fixture(scope="module")
def model(examples) -> PlepModel:
    platform = fitting.fit_platform(examples, random_state=3)
    return PlepModel(platforms={"tiktok": platform}, version="v0", feature_set="made")


def draft(**facts) -> Draft:
    plain = Draft(
        platform="tiktok",
        planned_at=NOW + timedelta(hours=2),
        caption="post 4 of many ✨",
        duration_s=20.0,
        followers=20_000.0,
        history=tuple(
            PastPost(NOW - timedelta(days=3 * k + 1), engagement=800.0 + 50 * k, views=9_000.0)
            for k in range(6)
        ),
    )
    return replace(plain, **facts)


def predict(model, *drafts):
    return model.predict(list(drafts), now=NOW, encode=encode)


# --- learning -------------------------------------------------------------------


def test_it_beats_its_baselines_on_unseen_creators_at_later_times(examples):
    slices = validation.measure(examples, random_state=1)
    own = slices["own_median_or_line"]["mae_log"]
    assert slices["model"]["mae_log"] < own < slices["followers_line"]["mae_log"]
    assert slices["model"]["spearman"] > slices["own_median_or_line"]["spearman"]
    assert 0.65 <= slices["model"]["coverage"] <= 0.95
    assert slices["own_median_or_line"]["mae_log_gain_low"] > 0


def test_the_same_seed_gives_the_same_model(examples):
    part = examples.take(np.arange(270))
    first, again = (fitting.fit_platform(part, random_state=4) for _ in range(2))
    assert first.settings == again.settings
    features = first.features(part.facts)
    np.testing.assert_array_equal(first.middles(features), again.middles(features))


def test_the_planted_hour_is_borne_out_and_the_caption_is_not(model):
    effects = model.platforms["tiktok"].settings.effects
    assert effects["planned_at"].low > 0.3
    assert effects["caption"].low <= 0.2 if "caption" in effects else True


def test_a_saved_model_answers_as_before(model, tmp_path):
    platform = model.platforms["tiktok"]
    artifacts.save_artifact(
        tmp_path / "plep" / "v1",
        task="plep",
        files=training.platform_files("tiktok", platform),
        metadata=artifacts.Metadata("x", "made", NOW, 3, [], {}, {}, {}),
    )
    loaded = PlepModel.from_artifact(artifacts.load_artifact(tmp_path, "plep", "v1"))
    ours, theirs = predict(model, draft())[0], predict(loaded, draft())[0]
    assert replace(theirs, model_version="v0") == ours


# --- answers --------------------------------------------------------------------


def test_an_answer_has_a_range_confidence_and_reasons_in_words(model):
    answer = predict(model, draft(planned_at=NOW.replace(hour=19)))[0]
    assert isinstance(answer, PlepPrediction)
    assert 0 <= answer.low <= answer.middle <= answer.high
    assert 0 < answer.confidence <= 1
    assert answer.level in ("low", "medium", "high")
    assert "630 posts of 70 creators" in answer.basis
    hour = next(c for c in answer.positive if c.fact == "hour")
    assert "19:00 UTC" in hour.text
    assert hour.factor > 1.2
    assert all(c.effect > 0 for c in answer.positive)
    assert all(c.effect < 0 and "−" in c.text for c in answer.negative)
    assert any("UTC" in note for note in answer.notes)


def test_a_batch_gives_each_draft_what_it_gets_alone(model):
    drafts = [
        draft(followers=float(10 ** (k % 7)), caption=f"text {k} #fun", duration_s=None)
        for k in range(12)
    ]
    drafts += [draft(history=()), draft(platform="youtube"), draft(followers=None, history=())]
    together = predict(model, *drafts)
    assert together == [predict(model, one)[0] for one in drafts]


def test_without_followers_or_history_it_abstains(model):
    for followers in (None, float("nan"), -5.0):
        answer = predict(model, draft(followers=followers, history=()))[0]
        assert isinstance(answer, NoPrediction)
        assert "Neither" in answer.reason
    zero = predict(model, draft(followers=0.0, history=()))[0]
    assert isinstance(zero, NoPrediction)
    assert "no followers" in zero.reason
    assert isinstance(predict(model, draft(followers=0.0))[0], PlepPrediction)
    unknown = PastPost(NOW - timedelta(days=1), engagement=float("nan"))
    assert isinstance(predict(model, draft(followers=None, history=(unknown,)))[0], NoPrediction)
    other = predict(model, draft(platform="youtube"))[0]
    assert other == NoPrediction("youtube", "No posts on youtube were learned from.")


def test_posts_after_the_planned_moment_are_not_looked_at(model):
    later = PastPost(NOW + timedelta(days=9), engagement=1e9)
    plain = draft()
    assert predict(model, replace(plain, history=(*plain.history, later))) == predict(model, plain)


def test_a_time_in_the_past_or_without_a_zone_is_refused(model):
    with pytest.raises(PlannedInThePast, match="has passed"):
        predict(model, draft(planned_at=NOW - timedelta(minutes=1)))
    with pytest.raises(DraftRefused, match="time zone"):
        predict(model, draft(planned_at=NOW.replace(tzinfo=None)))


def test_a_very_long_caption_is_cut_and_says_so(model):
    answer = predict(model, draft(caption="word " * 20_000))[0]
    assert any("99,999 characters" in note for note in answer.notes)


def test_no_time_is_no_obstacle(model):
    answer = predict(model, draft(planned_at=None))[0]
    assert isinstance(answer, PlepPrediction)
    assert any("No publishing time" in note for note in answer.notes)


# --- what if --------------------------------------------------------------------


def change(model, one, **changes):
    return what_if(model, one, changes, now=NOW, encode=encode)


def test_moving_to_the_planted_evening_is_supported_and_back_is_too(model):
    morning, evening = NOW.replace(hour=9), NOW.replace(hour=20)
    up = change(model, draft(planned_at=morning), planned_at=evening)
    down = change(model, draft(planned_at=evening), planned_at=morning)
    assert up.supported
    assert 1 < up.low <= up.expected <= up.high
    assert up.after.middle > up.before.middle
    assert down.supported
    assert down.low <= down.expected <= down.high < 1


def test_no_difference_is_not_supported(model):
    one = draft()
    same = change(model, one, caption=one.caption)
    assert (same.low, same.expected, same.high, same.supported) == (1.0, 1.0, 1.0, False)


def test_what_was_not_learned_is_said_and_not_supported(model):
    for changes in ({"kind": "carousel"}, {"image": image_facts(np.zeros((9, 9, 3), np.uint8))}):
        answer = change(model, draft(), **changes)
        assert (answer.low, answer.expected, answer.high) == (None, None, None)
        assert not answer.supported
        assert "Not in the data" in answer.reason


def test_creator_facts_cannot_be_changed_in_a_draft(model):
    with pytest.raises(DraftRefused, match="not in followers"):
        change(model, draft(), followers=1e6)
    with pytest.raises(DraftRefused, match="not in nothing"):
        what_if(model, draft(), {}, now=NOW, encode=encode)
    assert isinstance(change(model, draft(platform="x"), caption="y"), NoPrediction)


def test_suggestions_are_only_supported_improvements(model, monkeypatch):
    monkeypatch.setattr("scoring.ml.plep.counterfactuals.FEWEST_POSTS_IN_AN_HOUR", 10)
    found = suggest(model, draft(planned_at=NOW.replace(hour=9)), now=NOW, encode=encode)
    assert any(18 <= one.change.get("planned_at", NOW).hour < 22 for one in found)
    assert all(one.what_if.low >= SMALLEST_SUGGESTED for one in found)


def test_nothing_is_suggested_where_no_effect_is_borne_out(model):
    platform = model.platforms["tiktok"]
    effects = {k: replace(e, low=-0.1) for k, e in platform.settings.effects.items()}
    shy = replace(platform, settings=replace(platform.settings, effects=effects))
    unsure = PlepModel(platforms={"tiktok": shy}, version="v0", feature_set="made")
    assert suggest(unsure, draft(), now=NOW, encode=encode) == []
    assert suggest(model, draft(platform="x"), now=NOW, encode=encode) == []


# --- evaluating -----------------------------------------------------------------


def test_evaluate_judges_the_model_beside_the_own_median(model, tmp_path):
    found = evaluate_file(model, read_posts(write(made_posts(seed=9), tmp_path)), encode)
    assert set(found) == set(training.TASK.metric_names)
    assert found["posts"] == 630
    assert found["posts_with_history"] == 560
    assert found["mae_log_with_history"] < found["mae_log_own_median"]
    assert found["mae_log"] < found["mae_log_caption_free"] * 1.2
    assert 0.65 <= found["coverage"] <= 0.95


@pytest.mark.parametrize("kept", [["likes"], ["caption"], ["creator_followers", "creator_id"]])
def test_what_a_file_cannot_support_is_null(model, tmp_path, kept):
    found = evaluate_file(model, read_posts(write(made_posts(20, 3)[kept], tmp_path)), encode)
    assert found["spearman"] is None
    assert found["mae_log"] is None
    assert found["nominal_coverage"] == 0.8
    assert found["posts"] == 0


@pytest.mark.parametrize(
    "column",
    ["platform", "creator_id", "caption", "hashtags", "published_at", "duration_s", "video_id"],
)
def test_a_missing_column_is_tolerated(model, tmp_path, column):
    frame = made_posts(30, 4, seed=5).drop(columns=column)
    found = evaluate_file(model, read_posts(write(frame, tmp_path)), encode)
    assert found["spearman"] > 0.3
    assert found["posts"] == 120


def test_creators_without_followers_are_judged_from_their_second_post_on(model, tmp_path):
    frame = made_posts(30, 4, seed=5).drop(columns="creator_followers")
    found = evaluate_file(model, read_posts(write(frame, tmp_path)), encode)
    assert found["abstained"] == 30
    assert found["posts"] == 90


def test_ranks_of_too_few_or_equal_posts_are_unknown():
    assert evaluation.spearman(np.arange(3.0), np.arange(3.0)) is None
    assert evaluation.spearman(np.arange(20.0), np.ones(20)) is None


def test_training_refuses_too_few_posts(tmp_path):
    with pytest.raises(TableError, match="at least 300 posts of 50 creators"):
        training.gather([write(made_posts(20, 4), tmp_path)], encode)


def test_training_writes_an_artefact_with_figures_by_slice(tmp_path):
    path = write(made_posts(56, 6), tmp_path)
    material = training.gather([path], encode)
    document = training.train_on(material, [path], tmp_path / "v1", random_state=1, trained_at=NOW)
    assert document["holdout"]["metric"] == "mae_log"
    assert {"tiktok/later/model", "tiktok/creators/own_median"} <= set(document["metrics_by_slice"])
    assert document["metrics"]["coverage"] == pytest.approx(0.8, abs=0.2)


# --- the shipped model ------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> PlepModel:
    return PlepModel.from_artifact(artifacts.load_artifact(SHIPPED, "plep", "v1"))


def test_the_shipped_model_errs_less_than_the_own_median_on_every_platform(shipped):
    slices = artifacts.read_metadata(SHIPPED, "plep", "v1")["metrics_by_slice"]
    for platform in shipped.platforms:
        ours, theirs = (
            slices[f"{platform}/later/{name}"]["mae_log"] for name in ("with_history", "own_median")
        )
        assert ours < theirs
        assert slices[f"{platform}/later/own_median"]["mae_log_gain_low"] > 0
        assert slices[f"{platform}/creators/model"]["coverage"] == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("platform", ["douyin", "tiktok", "instagram"])
def test_the_shipped_model_answers_with_the_real_encoder(shipped, platform):
    one = draft(platform=platform, caption="Soup for cold days 🍲 #soup")
    answer = shipped.predict([one], now=NOW)[0]
    assert isinstance(answer, PlepPrediction)
    assert 0 < answer.low <= answer.middle <= answer.high < 1e7
    assert answer.positive or answer.negative
    changed = what_if(shipped, one, {"kind": "story"}, now=NOW)
    assert changed.predicted == 1.0
    assert not changed.supported


def test_the_shipped_model_expects_more_of_a_creator_with_more_followers(shipped):
    for platform in shipped.platforms:
        small, large = shipped.predict(
            [draft(platform=platform, history=(), followers=f) for f in (2e4, 2e6)],
            now=NOW,
            encode=encode,
        )
        assert small.middle < large.middle


def test_the_shipped_model_reads_the_real_files_the_same_as_the_drafts(shipped, shared_data):
    file = read_posts(shared_data / "posts_instagram.csv.gz")
    found = evaluate_file(shipped, file, encode)
    assert found["posts"] == 1793
    assert found["mae_log_with_history"] < found["mae_log_own_median"]
