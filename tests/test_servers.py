"""The servers that a test run starts for itself."""

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, make_url, text


@pytest.mark.pg
def test_each_test_gets_an_empty_database_of_its_own(postgres):
    with postgres.database() as one, postgres.database() as other:
        engine = create_engine(one)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE ticket (id int)"))
        engine.dispose()
        engine = create_engine(other)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT to_regclass('ticket')")) is None
        engine.dispose()


@pytest.mark.pg
def test_a_database_is_gone_after_its_test_even_with_somebody_connected(postgres):
    with postgres.database() as url:
        left_open = psycopg.connect(url.replace("+psycopg", ""))
    with left_open, pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")


def test_both_databases_are_offered(database_url):
    assert make_url(database_url).get_backend_name() in {"sqlite", "postgresql"}


@pytest.mark.redis
def test_redis_answers(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
