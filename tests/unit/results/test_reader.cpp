#include "base/errors.hpp"
#include "unit/results/toy_run.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>

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
                         doctest::Contains("results format 99, this engine reads 1"), InputError);
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

TEST_CASE("frames and reports before the first are empty") {
    const Results results(toy_run::evenings().base);
    CHECK(results.people_at(0.5).empty());
    CHECK(results.vehicles_at(0.0).empty());
    CHECK_FALSE(results.raster_at("depth", 59.0));
    CHECK(results.raster_at("depth", 60.0));
    CHECK_FALSE(results.reports_at(30.0));
    CHECK(results.state_at("lamp_lit", 0.0) == std::vector<std::uint8_t>(12, 0));
}
