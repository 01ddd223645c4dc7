#include "base/errors.hpp"
#include "simulation/simulation.hpp"
#include "support/command.hpp"
#include "support/toy_city.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

using namespace veste;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
}

/// The evening in a city that may be another than it was; none where its places are no more.
std::optional<Scenario> evening_in(const City& city) {
    const Vec2 gate(90.0, -30.0);
    if (!city.walk.locate(gate)) {
        return std::nullopt;
    }
    Scenario scenario = toy_city::evening(city);
    const bool has_places =
        std::all_of(scenario.places.begin(), scenario.places.end(),
                    [](const Place& place) { return !place.triangles.empty(); });
    return has_places ? std::optional(std::move(scenario)) : std::nullopt;
}

} // namespace

TEST_CASE("a city file with flipped bytes is refused, or a run in it goes or ends with an error") {
    const test::TemporaryFolder folder;
    save_city(*toy_city::built(), folder / "city.h5");
    const std::string whole = bytes_of(folder / "city.h5");
    std::mt19937 random(11);
    int refused = 0;
    int run = 0;
    for (int trial = 0; trial < 400; ++trial) {
        CAPTURE(trial);
        std::string damaged = whole;
        for (int k = 0; k < 3; ++k) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
        }
        std::ofstream(folder / "damaged.h5", std::ios::binary) << damaged;
        std::shared_ptr<const City> city;
        try {
            city = std::make_shared<const City>(load_city(folder / "damaged.h5"));
        } catch (const InputError&) {
            ++refused;
            continue;
        }
        const auto scenario = evening_in(*city);
        if (!scenario) {
            continue;
        }
        try {
            Simulation simulation(city, std::make_shared<Scenario>(*scenario), 1);
            for (int tick = 0; tick < 3; ++tick) {
                simulation.step();
            }
            ++run;
        } catch (const InputError&) {
            ++refused;
        } catch (const RunError&) {
            ++refused;
        }
    }
    CHECK(refused > 50);
    CHECK(run > 50);
}
