"""The lesson, run as other tools run notebooks: by nbclient."""

import shutil

import nbformat
from conftest import CHECKOUT
from nbclient import NotebookClient


def kinds(cell):
    """What a cell shows, figures aside: outputs by kind, errors by what they say."""
    shown = set()
    for output in cell.outputs:
        if output.output_type == "stream":
            shown.add(output.name)
        elif output.output_type == "error":
            shown.add(f"{output.ename}: {output.evalue}")
        else:
            shown.add((output.output_type, *sorted(output.data)))
    return shown


def test_lesson(tmp_path):
    name = "better_way_41.ipynb"
    folder = tmp_path / "notebooks"
    shutil.copytree(CHECKOUT / "notebooks", folder)
    stored = nbformat.read(folder / name, as_version=nbformat.NO_CONVERT)
    nbformat.validate(stored)
    fresh = nbformat.read(folder / name, as_version=nbformat.NO_CONVERT)
    NotebookClient(fresh, kernel_name="paracell", timeout=240, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.validate(fresh)
    for was, now in zip(stored.cells, fresh.cells):
        if now.cell_type == "code":
            assert kinds(now) == kinds(was), now.source
    (broken,) = [c for c in fresh.cells if c.id == "step4"]
    assert any(s[0:18] == "BrokenProcessPool:" for s in kinds(broken) if isinstance(s, str))
