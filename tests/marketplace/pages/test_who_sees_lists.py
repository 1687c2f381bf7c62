"""The list of collaborations against everybody: each sees their own, strangers none."""

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import Row, see

pytestmark = pytest.mark.django_db

GET = {
    "collaborations": (302, 200, 200, 200, 200, 200, 200),
}
POST: dict[str, Row] = {}


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse) -> None:
    see(reverse(name), GET[name], cast=cast, browse=browse)
