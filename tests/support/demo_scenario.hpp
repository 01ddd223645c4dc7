#pragma once
#include "support/command.hpp"

#include <fmt/format.h>
#include <string>

namespace veste::test {

/// A short evening on the demo city, with people, an event, vehicles and rain; `crowd` times 120
/// people and 60 vehicles.
inline std::string short_evening(const std::string& duration = "4 min", int crowd = 1) {
    const std::string count = fmt::format("{}", 60 * crowd);
    return "name = \"short evening\"\ncity = \"" VESTE_DEMO_CITY "\"\nseed = 3\n"
           "[clock]\ndate = \"2026-09-19\"\nstart = \"20:30\"\nduration = \"" +
           duration + R"("
utc_offset = "2 h"
[[place]]
name = "quay"
area = "Quai Albert Ier"
[[place]]
name = "square"
area = "Place d'Armes"
[[pedestrians]]
name = "strollers"
count = )" +
           count + R"(
from = "square"
to = "quay"
departure = { begin = "20:30", end = "20:32" }
[[gate]]
name = "gate"
at = [7.421857, 43.733940]
lanes = 4
[[event]]
name = "concert"
stage = "quay"
visitors = )" +
           count + R"(
gates = ["gate"]
from = "square"
exits = "square"
arrival = { begin = "20:30", end = "20:31" }
[[vehicles]]
name = "cars"
count = )" +
           count + R"(
from = "border"
to = "border"
departure = { begin = "20:30", end = "20:33" }
[weather]
rain = [["20:30", "40 mm/h"]]
[outputs]
trajectories_every = "2 s"
)";
}

inline std::string quoted(const std::filesystem::path& path) {
    return fmt::format("'{}'", path.string());
}

} // namespace veste::test
