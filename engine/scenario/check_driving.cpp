#include "city/border.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Checks of the whole for vehicles: streets that let them in, and ways between them.
namespace veste::scenario_file {
namespace {

using NamedEdges = std::vector<Reading::NamedEdges>;

std::vector<EdgeId> allowed_edges(const StreetNetwork& streets, const NamedEdges& named,
                                  VehicleClass c) {
    std::vector<EdgeId> edges;
    for (const Reading::NamedEdges& part : named) {
        std::copy_if(part.edges.begin(), part.edges.end(), std::back_inserter(edges),
                     [&](EdgeId edge) { return streets.allows(edge, c); });
    }
    return edges;
}

std::string names_of(const NamedEdges& named) {
    std::vector<std::string> names;
    for (const Reading::NamedEdges& part : named) {
        names.push_back(part.name.name);
    }
    return fmt::format("\"{}\"", fmt::join(names, "\", \""));
}

/// True where all edges are one street and its other direction: a trip along it leads nowhere.
bool is_one_street(const StreetNetwork& streets, const NamedEdges& from, const NamedEdges& to) {
    std::vector<EdgeId> edges;
    for (const NamedEdges* named : {&from, &to}) {
        for (const Reading::NamedEdges& part : *named) {
            if (part.edges.empty()) {
                return false;
            }
            edges.insert(edges.end(), part.edges.begin(), part.edges.end());
        }
    }
    return !edges.empty() && std::all_of(edges.begin(), edges.end(), [&](EdgeId edge) {
        return edge == edges.front() || edge == streets.edge(edges.front()).opposite;
    });
}

class DriveCheck {
public:
    DriveCheck(Reading& reading, std::size_t demand)
        : reading_(reading), streets_(reading.city.streets), section_(reading.vehicles[demand]),
          from_(with_border(reading.vehicle_origins[demand], true)),
          to_(with_border(reading.vehicle_destinations[demand], false)),
          barred_(barred_at(reading, reading.scenario.vehicles[demand].departure.begin_s).edges),
          is_open_(barred_.size(), 0) {}

    void check(VehicleClass c) {
        warn_of_border("from", from_, c);
        warn_of_border("to", to_, c);
        const std::vector<EdgeId> origins = lets_in("from", from_, c);
        const std::vector<EdgeId> destinations = lets_in("to", to_, c);
        if (origins.empty() || destinations.empty()) {
            return;
        }
        const auto successors = successors_for(streets_, c);
        std::vector<std::uint8_t> is_closed(barred_.size());
        std::transform(barred_.begin(), barred_.end(), is_closed.begin(),
                       [c](VehicleClasses classes) { return has(classes, c) ? 1 : 0; });
        const auto is_reached = reached_edges(successors, origins, is_closed);
        const auto is_reached_open = reached_edges(successors, origins, is_open_);
        std::vector<std::string> cut;
        bool is_closure = true;
        for (const Reading::NamedEdges& part : to_) {
            const std::vector<EdgeId> edges = edges_for({part}, c);
            const auto holds = [&edges](const std::vector<std::uint8_t>& flags) {
                return std::any_of(edges.begin(), edges.end(),
                                   [&](EdgeId edge) { return flags[edge.index] != 0; });
            };
            if (!edges.empty() && !holds(is_reached)) {
                cut.push_back(part.name.name);
                is_closure = is_closure && holds(is_reached_open);
            }
        }
        tell(c, cut, is_closure);
    }

private:
    /// The streets that "border" stands for.
    NamedEdges with_border(NamedEdges named, bool is_origin) const {
        for (Reading::NamedEdges& part : named) {
            if (part.edges.empty()) {
                const std::vector<std::uint8_t> is_border = border_edges(reading_.city, is_origin);
                for (std::size_t e = 0; e < is_border.size(); ++e) {
                    if (is_border[e] != 0) {
                        part.edges.emplace_back(e);
                    }
                }
            }
        }
        return named;
    }

    std::vector<EdgeId> edges_for(const NamedEdges& named, VehicleClass c) const {
        std::vector<EdgeId> edges = allowed_edges(streets_, named, c);
        if (is_border(named) && edges.size() < 2) {
            edges.clear(); // a border of one street leads nowhere: any street will do
            for (std::size_t e = 0; e < streets_.edges.size(); ++e) {
                if (streets_.allows(EdgeId(e), c)) {
                    edges.emplace_back(e);
                }
            }
        }
        return edges;
    }

    static bool is_border(const NamedEdges& named) {
        return named.size() == 1 && named.front().name.name == "border";
    }

    void warn_of_border(std::string_view key, const NamedEdges& named, VehicleClass c) {
        if (is_border(named) && allowed_edges(streets_, named, c).size() < 2) {
            reading_.warn_at(section_.place(key),
                             fmt::format("{}{}: fewer than two streets that leave the city let a "
                                         "{} in: it takes any street in place of the border",
                                         section_.label(), key, name_of(c)));
        }
    }

    std::vector<EdgeId> lets_in(std::string_view key, const NamedEdges& named, VehicleClass c) {
        std::vector<EdgeId> edges = edges_for(named, c);
        if (edges.empty() && !named.empty()) {
            std::vector<std::string_view> others;
            for (int k = 0; k < vehicle_class_count; ++k) {
                const auto other = static_cast<VehicleClass>(k);
                if (!edges_for(named, other).empty()) {
                    others.push_back(name_of(other));
                }
            }
            section_.problem(
                key,
                fmt::format("no street there lets a {} in; let in are: {}", name_of(c),
                            others.empty() ? "none" : fmt::format("{}", fmt::join(others, ", "))));
        }
        return edges;
    }

    void tell(VehicleClass c, const std::vector<std::string>& cut, bool is_closure) {
        if (cut.empty()) {
            return;
        }
        const std::string what = fmt::format(
            "no way for a {} to \"{}\" from {}{}", name_of(c), fmt::join(cut, "\", \""),
            names_of(from_),
            is_closure ? ": a change closes the only way and none opens it again; open it, or "
                         "leave another way open"
                       : ": one-way streets or turn restrictions keep them apart; choose streets "
                         "that are linked");
        if (is_closure && cut.size() < to_.size()) {
            reading_.warn_at(section_.place("to"), section_.label() + "to: " + what);
        } else {
            section_.problem("to", what);
        }
    }

    Reading& reading_;
    const StreetNetwork& streets_;
    Section& section_;
    NamedEdges from_;
    NamedEdges to_;
    std::vector<VehicleClasses> barred_;
    std::vector<std::uint8_t> is_open_;
};

} // namespace

void check_driving(Reading& reading) {
    const auto& demands = reading.scenario.vehicles;
    for (std::size_t d = 0; d < demands.size(); ++d) {
        if (demands[d].count == 0) {
            continue;
        }
        if (is_one_street(reading.city.streets, reading.vehicle_origins[d],
                          reading.vehicle_destinations[d])) {
            reading.vehicles[d].problem("to", "is the street they come from; wanted is another");
            continue;
        }
        DriveCheck check(reading, d);
        for (const Weighted<VehicleClass>& c : demands[d].classes) {
            check.check(c.what);
        }
        warn_of_cut_trips(reading, d);
    }
}

} // namespace veste::scenario_file
