#include "base/errors.hpp"
#include "city/city.hpp"
#include "city/hdf5_file.hpp"
#include "unit/city/city_difference.hpp"
#include "unit/city/full_city.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <string>

using namespace veste;
using city_difference::difference;
using full_city::bytes_of;
using full_city::Folder;

TEST_CASE("a city comes back from its file with every member as it was") {
    const Folder folder;
    const City city = full_city::made();
    save_city(city, folder / "city.h5");
    const City back = load_city(folder / "city.h5");
    CHECK(difference(city, back) == "");
    CHECK(city.walk.total_area_m2() == back.walk.total_area_m2());
}

TEST_CASE("the comparison of cities sees a single changed bit") {
    const City city = full_city::made();
    City other = city;
    other.streets.connections[1].allowed = 0;
    CHECK(difference(city, other) == "/member 12/member 3/row 1/member 9/");
}

TEST_CASE("a city saved again gives the same file byte for byte and leaves nothing beside it") {
    const Folder folder;
    save_city(full_city::made(), folder / "first.h5");
    save_city(load_city(folder / "first.h5"), folder / "second.h5");
    CHECK(bytes_of(folder / "first.h5") == bytes_of(folder / "second.h5"));
    int files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path)) {
        ++files;
    }
    CHECK(files == 2);
}

TEST_CASE("an empty city can be saved and loaded") {
    const Folder folder;
    save_city(City{}, folder / "empty.h5");
    const City back = load_city(folder / "empty.h5");
    CHECK(back.walk.triangles.empty());
    CHECK(back.streets.edges.empty());
}

TEST_CASE("a city that cannot be written says so") {
    CHECK_THROWS_AS(save_city(City{}, "/no/such/folder/city.h5"), InputError);
}

TEST_CASE("an HDF5 array grows by rows and gives back any of them") {
    const Folder folder;
    {
        Hdf5File file(folder / "rows.h5", FileUse::Create);
        file.make_growing("people/x", Element::I16, {3}, 4);
        for (std::int16_t k = 0; k < 10; ++k) {
            const std::vector<std::int16_t> row = {k, static_cast<std::int16_t>(10 * k), -1};
            file.append("people/x", std::span<const std::int16_t>(row));
        }
        CHECK_THROWS_AS(
            file.append("people/x", std::span<const std::int16_t>(std::vector<std::int16_t>{1, 2})),
            UsageError);
        file.set_attribute("people/x", "unit", "cm");
        file.close();
    }
    const Hdf5File file(folder / "rows.h5", FileUse::Read);
    CHECK(file.extent("people/x") == Extent{10, 3});
    CHECK(file.read_rows<std::int16_t>("people/x", 8, 2) ==
          std::vector<std::int16_t>{8, 80, -1, 9, 90, -1});
    CHECK(file.text_attribute("people/x", "unit") == "cm");
    CHECK(file.members("people") == std::vector<std::string>{"x"});
    CHECK_THROWS_AS(file.read<double>("people/x"), InputError);
    CHECK_THROWS_AS(file.read<std::int8_t>("people/x"), InputError);
    CHECK_THROWS_AS(file.read<double>("people/y"), InputError);
}

TEST_CASE("the description of the city file names every array that a city has") {
    const Folder folder;
    save_city(full_city::made(), folder / "city.h5");
    const Hdf5File file(folder / "city.h5", FileUse::Read);
    const std::string text =
        bytes_of(std::filesystem::path(VESTE_SOURCE_DIR) / "engine/city/CITY_FILE.md");
    const std::vector<StoredArray> arrays = file.arrays();
    CHECK(arrays.size() > 150);
    for (const StoredArray& array : arrays) {
        CAPTURE(array.path);
        const std::string path = array.path.substr(array.path.front() == '/' ? 1 : 0);
        const std::size_t slash = path.rfind('/');
        const std::string row = "| `" + path.substr(0, slash) + "`";
        std::string name = path.substr(slash + 1);
        // What lists, polygons and rasters consist of is described once, above the table.
        for (const char* ending : {"_starts", "_points", "_hole", "_holes", "_outer", "_corner",
                                   "_cell", "_columns", "_rows"}) {
            if (name.ends_with(ending)) {
                name.resize(name.size() - std::string(ending).size());
            }
        }
        std::size_t begin = text.find(row);
        const std::size_t shared = text.find(", `" + path.substr(0, slash) + "` |");
        begin = begin == std::string::npos ? shared : begin;
        const bool is_described = text.find("| `" + path + "`") != std::string::npos ||
                                  (begin != std::string::npos &&
                                   text.find("`" + name + "`", begin) < text.find('\n', begin));
        CHECK(is_described);
    }
}
