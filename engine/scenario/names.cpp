#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

std::string some_of(std::vector<std::string> names) {
    constexpr std::size_t most = 8;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.empty()) {
        return "there are none";
    }
    const std::size_t count = names.size();
    names.resize(std::min(most, count));
    return fmt::format("known are {}{}", fmt::join(names, ", "),
                       count > most ? fmt::format(" and {} more", count - most) : "");
}

} // namespace

std::vector<std::string> place_names(const Scenario& scenario) {
    return names_in(scenario.places);
}

std::vector<std::string> gate_names(const Scenario& scenario) {
    return names_in(scenario.gates);
}

std::vector<std::string> sensor_names(const Scenario& scenario) {
    return names_in(scenario.sensors);
}

std::vector<std::string> feeder_names(const City& city) {
    return names_in(city.assets.feeders);
}

std::optional<std::size_t> find_name(Section& section, std::string_view key, const Named& name,
                                     std::string_view kind, const std::vector<std::string>& known) {
    const auto found = std::find(known.begin(), known.end(), name.name);
    if (found == known.end()) {
        const std::string near = nearest_word(name.name, known);
        section.problem_at(name.place, key,
                           fmt::format("there is no {} \"{}\"{}; {}", kind, name.name,
                                       near.empty() ? "" : fmt::format(", did you mean {}?", near),
                                       some_of(known)));
        return std::nullopt;
    }
    const auto count = std::count(known.begin(), known.end(), name.name);
    if (count > 1) {
        section.problem_at(name.place, key,
                           fmt::format("there are {} of the name \"{}\": which {} is meant is "
                                       "not clear",
                                       count, name.name, kind));
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - known.begin());
}

void check_unique(Section& section, const std::string& name, std::string_view kind,
                  const std::vector<std::string>& earlier) {
    if (!name.empty() && std::find(earlier.begin(), earlier.end(), name) != earlier.end()) {
        section.problem("name",
                        fmt::format("another {} has this name already; each needs its own", kind));
    }
}

std::optional<PlaceId> find_place(Reading& reading, Section& section, std::string_view key,
                                  const Named& name, PlaceUse use) {
    const auto index = find_name(section, key, name, "place", place_names(reading.scenario));
    if (!index || reading.is_place_broken[*index] != 0) {
        return std::nullopt;
    }
    const PlaceId id(*index);
    const Place& place = reading.scenario.place(id);
    const TextPlace& drawn = reading.places[*index].place();
    const std::string where = drawn.file == name.place.file ? fmt::format("line {}", drawn.line)
                                                            : reading.document.text_of(drawn);
    if (use == PlaceUse::People && place.triangles.empty()) {
        section.problem_at(name.place, key,
                           fmt::format("place \"{}\" ({}) holds no walkable ground; draw it "
                                       "over a footway, pavement, square or park",
                                       name.name, where));
        return std::nullopt;
    }
    if (use == PlaceUse::Vehicles && place.edges.empty()) {
        section.problem_at(name.place, key,
                           fmt::format("place \"{}\" ({}) holds the middle of no street; draw "
                                       "it larger or name a street",
                                       name.name, where));
        return std::nullopt;
    }
    return id;
}

std::vector<Weighted<PlaceId>> find_places(Reading& reading, Section& section,
                                           std::string_view key) {
    std::vector<Weighted<PlaceId>> places;
    for (const WeightedName& item : section.weights(key)) {
        if (const auto place = find_place(reading, section, key, item.what, PlaceUse::People)) {
            places.push_back({*place, item.weight});
        }
    }
    return places;
}

} // namespace veste::scenario_file
