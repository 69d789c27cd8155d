"""Two browsers at the first start: one user, whoever was quicker."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from spacefleet import roles
from tests.concurrency.test_claims import together

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def test_posts_at_once_make_one_user() -> None:
    roles.make_groups()
    answers = []

    def come(n: int) -> None:
        told = dict.fromkeys(("password1", "password2"), "orbit-and-ore-7")
        answers.append(Client().post("/setup/", {"username": f"person{n}"} | told))

    together(AT_ONCE, come)

    led = sorted(answer.headers["Location"] for answer in answers)
    assert User.objects.count() == 1
    assert led == ["/login/"] * (AT_ONCE - 1) + ["/setup/agent/"]
