import pytest
from datetime import UTC, datetime
from bookings.scale.databases import fill
from bookings.scale.shape import Shape
from tests.bookings.stage import audited
pytestmark = pytest.mark.committing
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
def test_it():
    import time; t=time.time()
    n = fill(Shape(5000, 200, NOW))
    print(n, time.time()-t)
    t=time.time(); audited(NOW); print(time.time()-t)
