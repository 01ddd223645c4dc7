#include "base/errors.hpp"
#include "city/city.hpp"
#include "city/hdf5_file.hpp"
#include "unit/city/full_city.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <limits>
#include <random>
#include <string>

using namespace veste;
using full_city::bytes_of;
using full_city::Folder;
using full_city::message_of;

TEST_CASE("a cut city file is refused wherever it is cut") {
    const Folder folder;
    save_city(full_city::made(), folder / "city.h5");
    const std::string whole = bytes_of(folder / "city.h5");
    for (const double share : {0.01, 0.3, 0.6, 0.9, 0.999}) {
        CAPTURE(share);
        const auto length = static_cast<std::streamsize>(share * static_cast<double>(whole.size()));
        std::ofstream(folder / "cut.h5", std::ios::binary).write(whole.data(), length);
        const std::string message = message_of(folder / "cut.h5");
        CHECK(message.find("cut.h5") != std::string::npos);
    }
}

TEST_CASE("a city file with flipped bytes is read or refused and nothing else") {
    const Folder folder;
    save_city(full_city::made(), folder / "city.h5");
    const std::string whole = bytes_of(folder / "city.h5");
    std::mt19937 random(7);
    int refused = 0;
    for (int run = 0; run < 300; ++run) {
        CAPTURE(run);
        std::string damaged = whole;
        for (int k = 0; k < 3; ++k) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
        }
        std::ofstream(folder / "damaged.h5", std::ios::binary) << damaged;
        try {
            load_city(folder / "damaged.h5");
        } catch (const InputError& error) {
            ++refused;
            CHECK(std::string(error.what()).find("damaged.h5") != std::string::npos);
        }
    }
    CHECK(refused > 50);
}

TEST_CASE("what is no city file is refused with its reason") {
    const Folder folder;
    CHECK(message_of(folder / "none.h5").find("no such file") != std::string::npos);
    std::ofstream(folder / "text.h5") << "name = \"Monaco\"\n";
    CHECK(message_of(folder / "text.h5").find("not an HDF5 file") != std::string::npos);
    {
        Hdf5File other(folder / "other.h5", FileUse::Create);
        other.set_attribute("/", "format", "veste results");
        other.close();
    }
    CHECK(message_of(folder / "other.h5").find("not a city file") != std::string::npos);
    save_city(full_city::made(), folder / "later.h5");
    {
        Hdf5File later(folder / "later.h5", FileUse::Modify);
        later.set_attribute("/", "version", std::int64_t{99});
        later.close();
    }
    const std::string message = message_of(folder / "later.h5");
    CHECK(message.find("version 99") != std::string::npos);
    CHECK(message.find("build the city again") != std::string::npos);
}

TEST_CASE("a city file with an id that leads nowhere is refused") {
    const Folder folder;
    City city = full_city::made();
    city.streets.lanes[1].edge = EdgeId(9U);
    save_city(city, folder / "wrong.h5");
    CHECK(message_of(folder / "wrong.h5").find("edge of lane of row 1 is 9") != std::string::npos);
    city = full_city::made();
    city.terrain.surface.values[5] = 200;
    save_city(city, folder / "wrong.h5");
    CHECK(message_of(folder / "wrong.h5").find("surface of cell") != std::string::npos);
}

TEST_CASE("a city file with what no city can hold is refused, each with its reason") {
    struct Damage {
        const char* told;
        void (*make)(City&);
    };
    constexpr double infinite = std::numeric_limits<double>::infinity();
    static const double no_number = std::nan("");
    const Damage damages[] = {
        {"line of lane has two points or more", [](City& c) { c.streets.lanes[0].line.resize(1); }},
        {"line of edge of row 1", [](City& c) { c.streets.edges[1].line[1].y() = no_number; }},
        {"length of edge = 0", [](City& c) { c.streets.edges[0].length_m = 0.0; }},
        {"speed limit of edge = nan",
         [](City& c) { c.streets.edges[0].speed_limit_mps = no_number; }},
        {"an edge has a lane", [](City& c) { c.streets.edges[1].lanes = 0; }},
        {"an edge is the opposite of its opposite",
         [](City& c) { c.streets.edges[1].opposite = EdgeId(1U); }},
        {"a node's incoming edge ends there",
         [](City& c) { c.streets.nodes[0].incoming = {EdgeId(0U)}; }},
        {"a lane is one of its edge's", [](City& c) { c.streets.lanes[1].index = 1; }},
        {"a lane is one of its edge's", [](City& c) { c.streets.lanes[1].edge = EdgeId(0U); }},
        {"a lane's connection begins there",
         [](City& c) { c.streets.lanes[1].first_connection = 0; }},
        {"a connection leads over its node",
         [](City& c) { c.streets.connections[0].node = NodeId(0U); }},
        {"speed of connection", [](City& c) { c.streets.connections[0].speed_mps = -1.0; }},
        {"signal link of connection", [](City& c) { c.streets.connections[1].signal_link = 2; }},
        {"no link without a signal", [](City& c) { c.streets.connections[0].signal_link = 0; }},
        {"a conflict is one for both", [](City& c) { c.streets.connections[1].conflicts.clear(); }},
        {"a signal has a plan", [](City& c) { c.streets.signals[0].plans.clear(); }},
        {"a signal's plan has phases",
         [](City& c) { c.streets.signals[0].plans[1].phases.clear(); }},
        {"duration of a phase",
         [](City& c) { c.streets.signals[0].plans[0].phases[1].duration_s = 0.0; }},
        {"a light for each link",
         [](City& c) { c.streets.signals[0].plans[0].phases[1].lights.pop_back(); }},
        {"signal link of crossing",
         [](City& c) { c.streets.crossings[0].signal_link = UINT32_MAX; }},
        {"place of crossing", [](City& c) { c.streets.crossings[0].places[0].at_m = 99.0; }},
        {"every signal has a feeder", [](City& c) { c.assets.signal_feeder.clear(); }},
        {"at of lamp", [](City& c) { c.assets.lamps[0].at.x() = 1e8; }},
        {"height of lamp", [](City& c) { c.assets.lamps[1].height_m = 0.0; }},
        {"flux of lamp", [](City& c) { c.assets.lamps[1].flux_lm = infinite; }},
        {"at of sensor", [](City& c) { c.assets.sensors[0].at.y() = no_number; }},
        {"range of sensor", [](City& c) { c.assets.sensors[0].range_m = -1.0; }},
        {"along of sensor", [](City& c) { c.assets.sensors[0].along_m = 50.0; }},
        {"edge of sensor", [](City& c) { c.assets.sensors[0].edge = EdgeId(); }},
        {"capacity of drain", [](City& c) { c.assets.drains[0].capacity_m3ps = no_number; }},
        {"at of station", [](City& c) { c.assets.stations[0].at.x() = infinite; }},
        {"a feeder has an area", [](City& c) { c.assets.feeders[0].areas.clear(); }},
        {"area of feeder has three corners",
         [](City& c) { c.assets.feeders[0].areas[1].outer.resize(2); }},
        {"height of building", [](City& c) { c.buildings[0].height_m = no_number; }},
        {"uphill or conveyor of walk triangle",
         [](City& c) { c.walk.triangles[1].uphill[1] = std::numeric_limits<float>::infinity(); }},
        {"slope of walk triangle",
         [](City& c) { c.walk.triangles[1].slope = std::numeric_limits<float>::quiet_NaN(); }},
        {"ground of cell",
         [](City& c) { c.terrain.ground_m.values[3] = std::numeric_limits<float>::infinity(); }},
        {"frame/latitude", [](City& c) { c.latitude_deg = 91.0; }},
    };
    const Folder folder;
    for (const Damage& damage : damages) {
        CAPTURE(damage.told);
        City city = full_city::made();
        damage.make(city);
        save_city(city, folder / "wrong.h5");
        const std::string message = message_of(folder / "wrong.h5");
        CAPTURE(message);
        CHECK(message.find("wrong.h5: ") != std::string::npos);
        CHECK(message.find(damage.told) != std::string::npos);
        CHECK(message.find("the file is damaged, build the city again") != std::string::npos);
    }
}
