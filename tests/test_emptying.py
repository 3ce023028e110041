"""What stands behind the tests: tables that are empty again, and modules that stay together."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from clinic.models import User
from education.models import Edition
from education.triggers import missing_triggers
from tests import builders
from tests.conftest import ByModule
from tests.emptying import empty_tables


def test_nothing_is_emptied_under_what_a_module_keeps(db):
    with pytest.raises(AssertionError, match="keeps what it made once"):
        empty_tables()


@pytest.mark.django_db(transaction=True)
def test_no_row_is_left_but_those_of_a_migration_and_the_record_is_guarded_again():
    def made_by_migrating() -> tuple[list[tuple[int, str]], int]:
        return list(Group.objects.order_by("pk").values_list("pk", "name")), Permission.objects.count()

    empty_tables()
    before = made_by_migrating()
    cast = builders.cast()
    builders.published(builders.guide(cast["author"]), cast)
    Group.objects.all().delete()
    empty_tables()
    assert made_by_migrating() == before
    assert before[0]
    assert not User.objects.exists()
    assert not Edition.objects.exists()
    assert builders.person("first").pk == 1
    assert missing_triggers() == []
    connection.check_constraints()


def test_a_module_stays_together_and_one_in_parts_is_shared_out_by_them():
    scope = object.__new__(ByModule)._split_scope
    one, other = "tests/a/test_one.py", "tests/a/test_other.py"
    assert scope(f"{one}::test_x[1]") == scope(f"{one}::test_y") != scope(f"{other}::test_y")
    first, second = (scope(f"{one}::test_x[part {number}- mirrored]") for number in (1, 2))
    assert first == scope(f"{one}::test_y[part 1]") != second
