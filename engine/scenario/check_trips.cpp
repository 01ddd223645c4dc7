#include "city/border.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

/// Trips that closures leave without a way.
namespace veste::scenario_file {
namespace {

using Ends = std::vector<Weighted<EdgeId>>;

/// Edges of a demand with their weights; those of the border count by lanes, as in traffic.
Ends ends_for(const City& city, const Ends& given, VehicleClass c, bool is_origin) {
    Ends ends;
    for (const Weighted<EdgeId>& end : given) {
        if (city.streets.allows(end.what, c)) {
            ends.push_back(end);
        }
    }
    if (given.empty()) {
        const std::vector<std::uint8_t> is_border = border_edges(city, is_origin);
        for (std::size_t e = 0; e < is_border.size(); ++e) {
            if (is_border[e] != 0 && city.streets.allows(EdgeId(e), c)) {
                ends.push_back({EdgeId(e), static_cast<double>(city.streets.edges[e].lanes)});
            }
        }
    }
    return ends;
}

/// 1 on each edge that a class is shut out of.
std::vector<std::uint8_t> closed_to(const std::vector<VehicleClasses>& barred, VehicleClass c) {
    std::vector<std::uint8_t> is_closed(barred.size());
    std::transform(barred.begin(), barred.end(), is_closed.begin(),
                   [c](VehicleClasses classes) { return has(classes, c) ? 1 : 0; });
    return is_closed;
}

struct Trips {
    double with_way = 0.0;
    double cut = 0.0;
};

/// Weighs a class's trips that have a way on open streets, and those of them that closures cut.
Trips weigh_trips(const Reading& reading, const VehicleDemand& demand, VehicleClass c,
                  const std::vector<std::uint8_t>& is_closed) {
    Trips trips;
    const StreetNetwork& streets = reading.city.streets;
    const auto successors = successors_for(streets, c);
    const std::vector<std::uint8_t> all_open(is_closed.size(), 0);
    const Ends destinations = ends_for(reading.city, demand.destinations, c, false);
    for (const Weighted<EdgeId>& origin : ends_for(reading.city, demand.origins, c, true)) {
        const auto is_reached = reached_edges(successors, {origin.what}, all_open);
        const auto is_reached_now = reached_edges(successors, {origin.what}, is_closed);
        for (const Weighted<EdgeId>& destination : destinations) {
            const std::uint32_t to = destination.what.index;
            if (destination.what != origin.what && is_reached[to] != 0) {
                const double weight = origin.weight * destination.weight;
                trips.with_way += weight;
                trips.cut += is_reached_now[to] == 0 ? weight : 0.0;
            }
        }
    }
    return trips;
}

/// Share of a demand's trips that have a way, but none where `barred` streets are closed.
double cut_share(const Reading& reading, const VehicleDemand& demand,
                 const std::vector<VehicleClasses>& barred) {
    double all = 0.0;
    double cut = 0.0;
    for (const Weighted<VehicleClass>& c : demand.classes) {
        const std::vector<std::uint8_t> is_closed = closed_to(barred, c.what);
        all += c.weight;
        if (std::find(is_closed.begin(), is_closed.end(), 1) != is_closed.end()) {
            const Trips trips = weigh_trips(reading, demand, c.what, is_closed);
            cut += trips.with_way > 0.0 ? c.weight * trips.cut / trips.with_way : 0.0;
        }
    }
    return all > 0.0 ? cut / all : 0.0;
}

bool closes_streets(const Change& change) {
    const auto* close = std::get_if<CloseWays>(&change);
    return (close != nullptr && !close->edges.empty()) ||
           std::holds_alternative<MakeOneWay>(change);
}

/// What closes streets until a moment, for messages.
std::string closures_until(const Reading& reading, double at_s) {
    std::vector<std::string> texts;
    for (const TimedChange& change : reading.scenario.changes) {
        if (change.at_s <= at_s && closes_streets(change.what)) {
            texts.push_back(fmt::format("\"{}\"", change.text));
        }
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

} // namespace

void warn_of_cut_trips(Reading& reading, std::size_t demand) {
    const VehicleDemand& vehicles = reading.scenario.vehicles[demand];
    std::vector<double> moments_s = {vehicles.departure.begin_s};
    for (const TimedChange& change : reading.scenario.changes) {
        if (closes_streets(change.what) && change.at_s > vehicles.departure.begin_s &&
            change.at_s < vehicles.departure.end_s) {
            moments_s.push_back(change.at_s);
        }
    }
    double worst = 0.0;
    double worst_s = 0.0;
    for (const double at_s : moments_s) {
        const double share = cut_share(reading, vehicles, barred_at(reading, at_s).edges);
        if (share > worst) {
            worst = share;
            worst_s = at_s;
        }
    }
    if (worst > 0.0) {
        Section& section = reading.vehicles[demand];
        reading.warn_at(section.place("name"),
                        fmt::format("{}{:.2g} % of the trips have no way after {}, and nothing "
                                    "opens one again: these vehicles will be stuck; leave a way "
                                    "open, or let their class in with admits",
                                    section.label(), 100.0 * worst,
                                    closures_until(reading, worst_s)));
    }
}

} // namespace veste::scenario_file
