import pytest, cProfile, pstats
from tests.architecture import matrix
from tests.architecture.personas import crowd
pytestmark = pytest.mark.django_db
def test_prof(furnished, world, capsys):
    doors = matrix.Matrix(world, crowd(world))
    doors.run(["board"])
    pr=cProfile.Profile(); pr.enable()
    r=doors.run(["board","question"])
    pr.disable()
    with capsys.disabled():
        print(r.cells)
        pstats.Stats(pr).sort_stats('tottime').print_stats(30)
        pstats.Stats(pr).sort_stats('cumtime').print_stats(45)
