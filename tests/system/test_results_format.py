"""The results file seen from outside: by h5py, pandas and GDAL, while it is written, after a kill and
on a full disk. The files are toy runs that write_toy_results records (tests/unit/results)."""
import os
import pathlib
import re
import resource
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
WRITER = os.environ["WRITE_TOY_RESULTS"]
ROOT = pathlib.Path(__file__).parents[2]
FORMAT = ROOT / "engine" / "results" / "FORMAT.md"
README = ROOT / "README.md"


def snippets_of(file):
    return re.findall(r"```python\n(.*?)```", file.read_text(), re.DOTALL)


SNIPPETS = snippets_of(FORMAT)
README_SNIPPETS = snippets_of(README)


def write(file, pause_ms=0):
    """The command that records a toy run."""
    return [WRITER, str(file), "troubled", "1", str(pause_ms)]


@pytest.fixture(scope="session")
def exported(results):
    """What write_toy_results exports beside the results file."""
    folder = results.parent / "exported"
    folder.mkdir()
    subprocess.run([WRITER, str(results), "export", str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    file = tmp_path_factory.mktemp("results") / "out.h5"
    subprocess.run(write(file), check=True)
    return file


def same_layout(ours, real):
    """The trajectory tables of two files of the archive's layout agree, as do their attributes."""
    assert ours["trajectory"].dtype == real["trajectory"].dtype
    assert ours["trajectory"].ndim == real["trajectory"].ndim == 1
    for name, value in real["trajectory"].attrs.items():
        assert type(ours["trajectory"].attrs[name]) is type(value)
    for name in ("file_version", "wkt_geometry"):
        assert type(ours.attrs[name]) is type(real.attrs[name])
    assert ours.attrs["file_version"] == real.attrs["file_version"]


def test_exported_trajectories_have_the_layout_of_the_archive(results, exported):
    with h5py.File(exported / "archive.h5") as ours, \
            h5py.File(ROOT / "data" / "trajectories" / "00_01a.h5") as real, \
            h5py.File(results) as recorded:
        same_layout(ours, real)
        table = ours["trajectory"][:]
        assert ours["trajectory"].attrs["fps"] == 1.0
        frames = recorded["pedestrians/frames"]
        assert 1000 < len(table) <= frames["count"][:].sum()
        order = np.lexsort((table["frame"], table["id"]))
        assert (order == np.arange(len(table))).all()
        assert len(np.unique(table[["id", "frame"]])) == len(table)
        outline = ogr.CreateGeometryFromWkt(ours.attrs["wkt_geometry"])
        assert outline.GetGeometryName() == "POLYGON" and outline.IsValid()
        around = outline.Buffer(0.02)
        for row in table[::97]:
            assert around.Contains(ogr.CreateGeometryFromWkt(f"POINT ({row['x']} {row['y']})"))


def test_exported_heat_maps_lie_where_the_results_have_them(results, exported):
    with h5py.File(results) as recorded:
        heat = recorded["heat_maps"]
        for name in ("density_mean", "density_max", "time_above_threshold", "pressure_max",
                     "contact_max"):
            tif = gdal.Open(str(exported / f"{name}.tif"))
            stored = heat[name][:].astype(float)
            stored[stored == 65535] = np.nan
            stored *= heat[name].attrs.get("scale_factor", 1.0)
            np.testing.assert_allclose(tif.ReadAsArray(), stored, rtol=1e-6)
            assert tif.GetSpatialRef().GetAuthorityCode(None) == "32632"
            place = tif.GetGeoTransform()
            assert place[0] + 0.5 * place[1] == pytest.approx(heat["x"][0])
            assert place[3] + 0.5 * place[5] == pytest.approx(heat["y"][0])
        assert np.nanmax(gdal.Open(str(exported / "density_max.tif")).ReadAsArray()) > 0.1


def test_there_are_snippets():
    assert len(SNIPPETS) >= 6
    assert len(README_SNIPPETS) >= 1


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_snippets_of_the_documentation_run(results, number, monkeypatch):
    monkeypatch.chdir(results.parent)
    exec(compile(SNIPPETS[number], f"FORMAT.md, snippet {number}", "exec"), {})


@pytest.mark.parametrize("number", range(len(README_SNIPPETS)))
def test_snippets_of_the_readme_run(results, number, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    for name in ("base.h5", "whatif.h5"):
        (tmp_path / "out" / name).symlink_to(results)
    monkeypatch.chdir(tmp_path)
    exec(compile(README_SNIPPETS[number], f"README.md, snippet {number}", "exec"), {})


def test_vehicles_and_people_belong_to_the_demands_of_the_scenario(results):
    with h5py.File(results, "r") as f:
        for group, expected in (("vehicles", [b"cars"]), ("pedestrians", None)):
            agents = f[group]["agents"]
            names = list(agents["group_name"][:])
            assert expected is None or names == expected
            assert set(agents["group"][:]) == set(range(len(names)))


def test_every_array_has_unit_and_description_and_needs_no_plugin(results):
    builtin = {h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_FLETCHER32}
    count = 0

    def look(name, item):
        nonlocal count
        if isinstance(item, h5py.Dataset):
            count += 1
            assert item.attrs["unit"] and item.attrs["description"], name
            plist = item.id.get_create_plist()
            filters = {plist.get_filter(k)[0] for k in range(plist.get_nfilters())}
            assert filters <= builtin, name

    with h5py.File(results, "r") as f:
        f.visititems(look)
    assert count > 150


@pytest.mark.parametrize("name", ["depth", "velocity_x", "velocity_y", "lamp_illuminance", "max_depth"])
def test_gdal_opens_rasters_in_their_place_by_netcdf(results, name):
    data = gdal.Open(f'NETCDF:"{results}":/rasters/{name}')
    assert data.GetGeoTransform() == pytest.approx((-220.0, 4.0, 0.0, 220.0, 0.0, -4.0))
    expected = osr.SpatialReference()
    expected.ImportFromEPSG(32632)
    assert data.GetSpatialRef().IsSame(expected)
    with h5py.File(results, "r") as f:
        stored = f["rasters"][name]
        last = stored[-1] if stored.ndim == 3 else stored[:]
        assert data.RasterCount == (stored.shape[0] if stored.ndim == 3 else 1)
        band = data.GetRasterBand(data.RasterCount)
        assert np.array_equal(band.ReadAsArray(), last)
        assert band.GetScale() == pytest.approx(stored.attrs["scale_factor"])
        assert band.GetNoDataValue() == stored.attrs["_FillValue"]


def test_gdal_reads_the_same_numbers_by_hdf5(results):
    data = gdal.Open(f'HDF5:"{results}"://rasters/depth')
    with h5py.File(results, "r") as f:
        assert data.RasterCount == f["rasters/depth"].shape[0]
        assert np.array_equal(data.GetRasterBand(10).ReadAsArray(), f["rasters/depth"][9])


def test_the_deepest_water_lies_in_the_hollow(results):
    """Row order: the hollow is at east 60, north 0."""
    with h5py.File(results, "r") as f:
        depth = f["rasters/depth"][-1]
        row, column = np.unravel_index(np.argmax(depth), depth.shape)
        assert abs(f["rasters/x"][column] - 60.0) < 4.0
        assert abs(f["rasters/y"][row]) < 4.0


def is_prefix(part, whole):
    """Every number of the part is that of the whole run; returns the part's last indicator time."""
    frames = {group: int(part[group + "/frames/count"][:].sum()) for group in ("pedestrians", "vehicles")}

    def look(name, item):
        if not isinstance(item, h5py.Dataset) or name.startswith(("meta", "summary")):
            return
        if name == "rasters/max_depth" or name.startswith(("heat_maps", "measures/exposure")):
            return
        values, expected = item[()], whole[name][()]
        rows = len(values)
        if "/rows/" in name:
            rows = frames[name.split("/")[0]]
            assert len(values) >= rows, name
        if values.dtype.kind == "f":
            assert np.array_equal(values[:rows], expected[:rows], equal_nan=True), name
        else:
            assert np.array_equal(values[:rows], expected[:rows]), name

    part.visititems(look)
    times = part["indicators/time"]
    return times[-1] if len(times) else 0.0


def wait_for_minutes(file, minutes):
    for _ in range(600):
        try:
            with h5py.File(file, "r", swmr=True) as f:
                if len(f["indicators/time"]) >= minutes:
                    return
        except (OSError, KeyError):
            pass  # not yet begun
        time.sleep(0.02)
    pytest.fail("nothing was written")


def test_another_process_reads_while_the_run_goes_on_and_after_kill_9(results, tmp_path):
    file = tmp_path / "live.h5"
    run = subprocess.Popen(write(file, pause_ms=10))
    try:
        wait_for_minutes(file, 2)
        assert run.poll() is None
        with h5py.File(results, "r") as whole:
            with h5py.File(file, "r", swmr=True) as part:
                first = is_prefix(part, whole)
                assert 120 <= first < 600
                time.sleep(1.0)
                part["indicators/time"].refresh()
                assert part["indicators/time"][-1] > first
            run.send_signal(signal.SIGKILL)
            run.wait()
            with h5py.File(file, "r", swmr=True) as part:
                killed_at = is_prefix(part, whole)
                assert first < killed_at < 600
                assert part["meta/complete"][0] == 0
            subprocess.run(["h5clear", "-s", str(file)], check=True)
            with h5py.File(file, "r") as part:
                assert is_prefix(part, whole) == killed_at
            assert gdal.Open(f'NETCDF:"{file}":/rasters/depth').RasterCount == killed_at // 60
    finally:
        run.kill()
        run.wait()


@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
def test_a_full_disk_stops_the_run_with_a_clear_error_and_leaves_the_file_readable(
    results, tmp_path, share
):
    """A limit of file size stands for the disk: writing beyond it fails as on a full one."""
    file = tmp_path / "full.h5"
    limit = int(share * results.stat().st_size)
    run = subprocess.run(
        write(file),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stderr
    told = re.search(r"full.h5.*: cannot .*File too large\n.*stopped at .* can be read up to (\d+) s",
                     run.stderr, re.DOTALL)
    assert told, run.stderr
    with h5py.File(results, "r") as whole, h5py.File(file, "r", swmr=True) as part:
        assert is_prefix(part, whole) >= float(told[1])
        assert part["meta/complete"][0] == 0


def test_a_disk_that_is_full_from_the_start_leaves_no_file(tmp_path):
    file = tmp_path / "none.h5"
    run = subprocess.run(
        write(file),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000)),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "none.h5" in run.stderr and "File too large" in run.stderr
    assert not file.exists()
