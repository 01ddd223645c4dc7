#include "scenario/model_keys.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

std::vector<Weighted<ProfileId>> find_profiles(Reading& reading, Section& section) {
    std::vector<Weighted<ProfileId>> profiles;
    const std::vector<std::string> known = names_in(reading.scenario.profiles);
    for (const WeightedName& item : section.weights("profiles")) {
        if (const auto index = find_name(section, "profiles", item.what, "profile", known)) {
            profiles.push_back({ProfileId(*index), item.weight});
        }
    }
    return profiles;
}

/// The id in "way 4097656".
std::optional<std::int64_t> osm_way_of(std::string_view name) {
    constexpr std::string_view before = "way ";
    std::int64_t id = 0;
    if (!name.starts_with(before)) {
        return std::nullopt;
    }
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + before.size(), end, id);
    return error == std::errc() && stop == end ? std::optional(id) : std::nullopt;
}

/// Edges of a place, else of a street, else of an OSM way; a problem where there is none so called.
std::optional<std::vector<EdgeId>> find_edges(Reading& reading, Section& section,
                                              std::string_view key, const Named& name) {
    const std::vector<std::string> places = place_names(reading.scenario);
    if (std::find(places.begin(), places.end(), name.name) != places.end()) {
        const auto place = find_place(reading, section, key, name, PlaceUse::Vehicles);
        return place ? std::optional(reading.scenario.place(*place).edges) : std::nullopt;
    }
    const auto street = reading.streets.find(name.name);
    if (street != reading.streets.end()) {
        return street->second;
    }
    if (const auto way = osm_way_of(name.name)) {
        std::vector<EdgeId> edges;
        for (std::size_t e = 0; e < reading.city.streets.edges.size(); ++e) {
            if (reading.city.streets.edges[e].osm_way == *way) {
                edges.emplace_back(e);
            }
        }
        if (!edges.empty()) {
            return edges;
        }
        section.problem_at(name.place, key,
                           fmt::format("no street of the city has the OSM way id {}", *way));
        return std::nullopt;
    }
    std::vector<std::string> known = names_of(reading.streets);
    known.insert(known.end(), places.begin(), places.end());
    find_name(section, key, name, "place or street", known);
    return std::nullopt;
}

/// "border" alone stands for the streets that leave the city: no edges are named.
std::vector<Weighted<EdgeId>> find_street_ends(Reading& reading, Section& section,
                                               std::string_view key,
                                               std::vector<Reading::NamedEdges>& named) {
    const std::vector<WeightedName> items = section.weights(key);
    std::vector<Weighted<EdgeId>> ends;
    for (const WeightedName& item : items) {
        if (item.what.name == "border") {
            if (items.size() > 1) {
                section.problem_at(item.what.place, key,
                                   "border stands alone; make a [[vehicles]] of its own for it");
            }
            named.push_back({item.what, {}});
            continue;
        }
        const auto edges = find_edges(reading, section, key, item.what);
        if (!edges) {
            continue;
        }
        double all_m = 0.0;
        for (const EdgeId edge : *edges) {
            all_m += reading.city.streets.edge(edge).length_m;
        }
        for (const EdgeId edge : *edges) {
            ends.push_back({edge, item.weight * reading.city.streets.edge(edge).length_m / all_m});
        }
        named.push_back({item.what, *edges});
    }
    return ends;
}

std::vector<Weighted<VehicleClass>> find_classes(Section& section) {
    const Key& key = *find_key(key_group("vehicles"), "classes");
    const std::vector<std::string> known(key.choices.begin(), key.choices.end());
    std::vector<Weighted<VehicleClass>> classes;
    for (const WeightedName& item : section.weights("classes")) {
        if (const auto index = find_name(section, "classes", item.what, "vehicle class", known)) {
            classes.push_back({static_cast<VehicleClass>(*index), item.weight});
        }
    }
    return classes;
}

} // namespace

DepartureProfile read_departure(Section& owner, std::string_view key, Reading& reading) {
    const double end_s = reading.document.duration_s;
    DepartureProfile departure{0.0, end_s, DepartureShape::Uniform};
    auto section = owner.table(key);
    if (!section) {
        return departure;
    }
    departure.begin_s = section->moment("begin", 0.0, Within::Run);
    departure.end_s = section->moment("end", end_s, Within::Start);
    departure.shape = static_cast<DepartureShape>(section->choice("shape"));
    if (departure.begin_s > departure.end_s) {
        section->problem("end", fmt::format("is before begin; {} s after the start is before {} s",
                                            departure.end_s, departure.begin_s));
    } else if (departure.end_s > end_s) {
        reading.warn_at(section->place("end"),
                        fmt::format("{}{}: ends after the run: whoever is to set out later never "
                                    "does",
                                    owner.label(), key));
    }
    return departure;
}

namespace {

/// The vehicles that a demand's people get off; sets from when to when they do.
std::optional<VehicleService> read_arrivals(Section& owner, PedestrianDemand& demand,
                                            Reading& reading) {
    auto section = owner.table("arrivals");
    if (!section) {
        return std::nullopt;
    }
    VehicleService vehicles;
    vehicles.first_s = section->moment("first", 0.0, Within::Run);
    vehicles.every_s = section->quantity("every");
    vehicles.people = static_cast<std::uint32_t>(section->whole("per_vehicle"));
    vehicles.alight_per_s = section->quantity("alighting");
    if (demand.count == 0 || vehicles.people == 0) {
        return std::nullopt; // which was told, or brings nobody
    }
    demand.departure.begin_s = vehicles.first_s;
    demand.departure.end_s = alighting_s(vehicles, demand.count - 1);
    if (demand.departure.end_s > reading.document.duration_s) {
        reading.warn_at(section->place(),
                        fmt::format("{}arrivals: go on after the run: whoever is to come later "
                                    "never does",
                                    owner.label()));
    }
    return vehicles;
}

} // namespace

void read_walking(Section& file, Reading& reading) {
    auto section = file.table("walking");
    if (!section) {
        return;
    }
    Walking& walking = reading.scenario.walking;
    walking.exit_spread_s = section->quantity("exit_spread");
    walking.social_influence_s = section->quantity("social_influence");
    walking.social_every_s = section->quantity("social_every");
    walking.sight_m = section->quantity("sight");
    walking.dark_detour = section->number("dark_detour");
    walking.route_spread_m = section->quantity("route_spread");
    walking.tastes = static_cast<std::uint32_t>(section->whole("tastes"));
    const double every_s = section->quantity("reroute_every");
    walking.reroute_every_s = section->has("reroute_every") ? every_s : 0.0;
    read_walking_model(*section, reading.scenario.ordinary);
}

void read_pedestrians(Section& file, Reading& reading) {
    for (Section& section : file.tables("pedestrians")) {
        PedestrianDemand demand;
        demand.name = section.text("name");
        check_unique(section, demand.name, "demand", names_in(reading.scenario.pedestrians));
        demand.count = static_cast<std::uint32_t>(section.whole("count"));
        demand.profiles = find_profiles(reading, section);
        demand.origins = find_places(reading, section, "from");
        demand.destinations = find_places(reading, section, "to");
        demand.departure = read_departure(section, "departure", reading);
        demand.arrivals = read_arrivals(section, demand, reading);
        demand.groups = read_groups(section);
        demand.destination_choice =
            static_cast<DestinationChoice>(section.choice("destination_choice"));
        demand.knows_places_share = section.number("knows_places");
        demand.journey = find_journey(reading, section, "journey");
        reading.scenario.pedestrians.push_back(std::move(demand));
        reading.pedestrians.push_back(section);
    }
}

void read_vehicles(Section& file, Reading& reading) {
    for (Section& section : file.tables("vehicles")) {
        VehicleDemand demand;
        demand.name = section.text("name");
        check_unique(section, demand.name, "demand", names_in(reading.scenario.vehicles));
        demand.count = static_cast<std::uint32_t>(section.whole("count"));
        demand.classes = find_classes(section);
        demand.origins =
            find_street_ends(reading, section, "from", reading.vehicle_origins.emplace_back());
        demand.destinations =
            find_street_ends(reading, section, "to", reading.vehicle_destinations.emplace_back());
        demand.departure = read_departure(section, "departure", reading);
        reading.scenario.vehicles.push_back(std::move(demand));
        reading.vehicles.push_back(section);
    }
}

void read_gates(Section& file, Reading& reading) {
    std::vector<Section> sections = file.tables("gate");
    for (Section& section : sections) {
        constexpr double reach_m = 5.0;
        Gate gate;
        gate.name = section.text("name");
        check_unique(section, gate.name, "gate", gate_names(reading.scenario));
        gate.service_rate_per_s = section.quantity("service_rate");
        const Duration service = read_duration(section, "service");
        if (section.has("service") && service.mean_s > 0.0) {
            gate.service = service;
            gate.service_rate_per_s = 1.0 / service.mean_s;
        }
        for (const Vec2& point : section.points("queue_line")) {
            if (const auto at = local_point(reading, section, "queue_line", point)) {
                gate.queue_line.push_back(*at);
            }
        }
        gate.lanes = static_cast<std::uint32_t>(section.whole("lanes"));
        gate.is_open = section.truth("open");
        if (const auto at = local_point(reading, section, "at")) {
            if (const auto found = reading.city.walk.nearest(*at, reach_m)) {
                gate.at = found->at;
                gate.triangle = found->triangle;
            } else {
                section.problem("at", fmt::format("no walkable ground within {} m; move it onto a "
                                                  "footway, pavement or square",
                                                  reach_m));
            }
        }
        reading.scenario.gates.push_back(gate);
        reading.gates.push_back(section);
    }
    const std::vector<std::string> known = gate_names(reading.scenario);
    for (std::size_t g = 0; g < sections.size(); ++g) {
        const Named next{sections[g].text("next"), sections[g].place("next")};
        if (!next.name.empty()) {
            if (const auto index = find_name(sections[g], "next", next, "gate", known)) {
                reading.scenario.gates[g].next = GateId(*index);
            }
        }
    }
}

void read_events(Section& file, Reading& reading) {
    for (Section& section : file.tables("event")) {
        Event event;
        event.name = section.text("name");
        check_unique(section, event.name, "event", names_in(reading.scenario.events));
        const Named stage{section.text("stage"), section.place("stage")};
        if (!stage.name.empty()) {
            event.stage =
                find_place(reading, section, "stage", stage, PlaceUse::People).value_or(PlaceId());
        }
        if (event.stage.is_valid()) {
            event.focus = centroid_of(reading.scenario.place(event.stage).area.outer);
        }
        event.focus = local_point(reading, section, "focus").value_or(event.focus);
        event.visitors = static_cast<std::uint32_t>(section.whole("visitors"));
        event.capacity = static_cast<std::uint32_t>(section.whole("capacity"));
        if (!section.has("capacity")) {
            event.capacity = event.visitors;
        }
        event.profiles = find_profiles(reading, section);
        event.gates = find_gates(reading, section, "gates");
        event.origins = find_places(reading, section, "from");
        event.exits = find_places(reading, section, "exits");
        event.arrival = read_departure(section, "arrival", reading);
        event.egress = read_departure(section, "egress", reading);
        event.before = find_journey(reading, section, "before");
        event.after = find_journey(reading, section, "after");
        if (!section.has("egress")) {
            event.egress = {};
        } else if (event.egress.begin_s < event.arrival.begin_s) {
            section.problem("egress", "begins before the arrival does");
        }
        event.groups = read_groups(section);
        reading.scenario.events.push_back(std::move(event));
        reading.events.push_back(section);
    }
}

} // namespace veste::scenario_file
