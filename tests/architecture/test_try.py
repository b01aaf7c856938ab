import pytest, cProfile, pstats
pytestmark = pytest.mark.django_db
from tests.architecture import world as worlds
def test_world(settings, tmp_path):
    pr=cProfile.Profile(); pr.enable()
    w=worlds.Builder().build()
    pr.disable()
    pstats.Stats(pr).sort_stats('cumtime').print_stats(45)
