#include "base/errors.hpp"
#include "results/checked_arrays.hpp"
#include "unit/results/toy_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <limits>
#include <span>

using namespace veste;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace

TEST_CASE("a file that is no results file is refused with its name and what it lacks") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH_AS(Results(folder / "none.h5"), doctest::Contains("no such file"),
                         InputError);
    CHECK_THROWS_WITH_AS(Results(folder.write("text.h5", "not HDF5")),
                         doctest::Contains("not an HDF5 file"), InputError);
    {
        Hdf5File other(folder / "other.h5", FileUse::Create);
        other.write("/numbers", std::vector<double>{1.0});
        other.close();
    }
    CHECK_THROWS_WITH_AS(Results(folder / "other.h5"), doctest::Contains("not a results file"),
                         InputError);
}

TEST_CASE("a results file of another format version is refused with both versions") {
    const test::TemporaryFolder folder;
    std::filesystem::copy_file(toy_run::evenings().base, folder / "new.h5");
    {
        Hdf5File file(folder / "new.h5", FileUse::Modify);
        file.set_attribute("/", "format_version", std::int64_t{99});
        file.close();
    }
    CHECK_THROWS_WITH_AS(Results(folder / "new.h5"),
                         doctest::Contains("results format 99, this engine reads 2"), InputError);
}

TEST_CASE("a results file cut anywhere is refused or read as far as it goes, never a crash") {
    const test::TemporaryFolder folder;
    const std::string whole = bytes_of(toy_run::evenings().base);
    int refused = 0;
    for (int k = 1; k < 20; ++k) {
        const auto file = folder.write(
            "cut.h5", whole.substr(0, whole.size() * static_cast<std::size_t>(k) / 20));
        try {
            (void)results_digest(file);
        } catch (const InputError& error) {
            CHECK(std::string(error.what()).find("cut.h5") != std::string::npos);
            ++refused;
        }
    }
    CHECK(refused == 19);
}

TEST_CASE("damaged data is refused when it is read") {
    const test::TemporaryFolder folder;
    std::string bytes = bytes_of(toy_run::evenings().base);
    // Every 4 KiB a byte is changed: some array must fail its checksum.
    for (std::size_t k = 4096; k < bytes.size(); k += 4096) {
        bytes[k] = static_cast<char>(bytes[k] ^ 0x55);
    }
    CHECK_THROWS_AS((void)results_digest(folder.write("bad.h5", bytes)), InputError);
}

TEST_CASE("a results file with what no run writes is refused, each with its place") {
    struct Damage {
        const char* told;
        void (*make)(Hdf5File&);
    };
    constexpr double infinite = std::numeric_limits<double>::infinity();
    static const double no_number = std::nan("");
    const Damage damages[] = {
        {"/meta: tick_s = 0 s", [](Hdf5File& f) { f.set_attribute("/meta", "tick_s", 0.0); }},
        {"/meta: origin_x = nan",
         [](Hdf5File& f) { f.set_attribute("/meta", "origin_x", no_number); }},
        {"/: format_version = nan",
         [](Hdf5File& f) { f.set_attribute("/", "format_version", no_number); }},
        {"/indicators/time: row 3",
         [](Hdf5File& f) {
             auto times_s = f.read<double>("/indicators/time");
             times_s[3] = 1.0;
             f.overwrite("/indicators/time", std::span<const double>(times_s));
         }},
        {"/pedestrians: frame",
         [](Hdf5File& f) {
             auto first = f.read<std::uint64_t>("/pedestrians/frames/first");
             std::fill(first.begin(), first.end(), UINT64_MAX - 1);
             f.overwrite("/pedestrians/frames/first", std::span<const std::uint64_t>(first));
         }},
        {"/vehicles: frame",
         [](Hdf5File& f) {
             auto count = f.read<std::uint32_t>("/vehicles/frames/count");
             std::fill(count.begin(), count.end(), UINT32_MAX);
             f.overwrite("/vehicles/frames/count", std::span<const std::uint32_t>(count));
         }},
        {"/vehicles/rows/agent = 4000000000",
         [](Hdf5File& f) {
             auto agent = f.read<std::uint32_t>("/vehicles/rows/agent");
             std::fill(agent.begin(), agent.end(), 4000000000U);
             f.overwrite("/vehicles/rows/agent", std::span<const std::uint32_t>(agent));
         }},
        {"/pedestrians/rows/x: scale_factor",
         [](Hdf5File& f) { f.set_attribute("/pedestrians/rows/x", "scale_factor", infinite); }},
        {"/rasters/spatial_ref: cell_m = -4",
         [](Hdf5File& f) { f.set_attribute("/rasters/spatial_ref", "cell_m", -4.0); }},
        {"/states/lamp_lit: count = -1",
         [](Hdf5File& f) { f.set_attribute("/states/lamp_lit", "count", -1.0); }},
        {"/states/lamp_lit: count = nan",
         [](Hdf5File& f) { f.set_attribute("/states/lamp_lit", "count", no_number); }},
        {"/states/lamp_lit/index",
         [](Hdf5File& f) { f.set_attribute("/states/lamp_lit", "count", 0.0); }},
        {"/sensors/time: row 0",
         [](Hdf5File& f) {
             auto times_s = f.read<double>("/sensors/time");
             times_s[0] = infinite;
             f.overwrite("/sensors/time", std::span<const double>(times_s));
         }},
    };
    for (const Damage& damage : damages) {
        CAPTURE(damage.told);
        const test::TemporaryFolder folder;
        std::filesystem::copy_file(toy_run::evenings().troubled, folder / "bad.h5");
        {
            Hdf5File file(folder / "bad.h5", FileUse::Modify);
            damage.make(file);
            file.close();
        }
        std::string message;
        try {
            const Results results(folder / "bad.h5");
            (void)results.people_at(300.0);
            (void)results.vehicles_at(300.0);
            (void)results.raster_at("depth", 300.0);
            (void)results.state_at("lamp_lit", 300.0);
            (void)results.reports_at(300.0);
        } catch (const InputError& error) {
            message = error.what();
        }
        CAPTURE(message);
        CHECK(message.find("bad.h5") != std::string::npos);
        CHECK(message.find(damage.told) != std::string::npos);
    }
}

TEST_CASE("arrays of another shape are refused, not read beyond their end") {
    const test::TemporaryFolder folder;
    {
        Hdf5File file(folder / "arrays.h5", FileUse::Create);
        file.write("/line", std::vector<double>{1.0, 2.0, 3.0});
        file.write("/grid", std::span<const double>(std::vector<double>(6)), {2, 3});
        file.close();
    }
    const Hdf5File file(folder / "arrays.h5", FileUse::Read);
    const CheckedArrays arrays(file);
    CHECK(arrays.rows("/line") == 3);
    CHECK(arrays.part<double>("/line", 1, 2) == std::vector<double>{2.0, 3.0});
    CHECK(arrays.row<double>("/grid", 1, {3}).size() == 3);
    CHECK_THROWS_WITH_AS((void)arrays.part<double>("/line", 2, 2),
                         doctest::Contains("/line: has 3 rows, expected 2 from 2 on"), InputError);
    CHECK_THROWS_AS((void)arrays.part<double>("/line", UINT64_MAX, 2), InputError);
    CHECK_THROWS_WITH_AS((void)arrays.rows("/grid"),
                         doctest::Contains("/grid: has 2 dimensions, expected one"), InputError);
    CHECK_THROWS_WITH_AS((void)arrays.row<double>("/grid", 0, {2}),
                         doctest::Contains("/grid: has the extent 2 x 3, expected rows of 2"),
                         InputError);
    CHECK_THROWS_AS((void)arrays.row<double>("/grid", 2, {3}), InputError);
}

TEST_CASE("frames and reports before the first are empty") {
    const Results results(toy_run::evenings().base);
    CHECK(results.people_at(0.5).empty());
    CHECK(results.vehicles_at(0.0).empty());
    CHECK_FALSE(results.raster_at("depth", 59.0));
    CHECK(results.raster_at("depth", 60.0));
    CHECK_FALSE(results.reports_at(30.0));
    CHECK(results.state_at("lamp_lit", 0.0) == std::vector<std::uint8_t>(12, 0));
}
