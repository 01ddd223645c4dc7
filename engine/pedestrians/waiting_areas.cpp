#include "pedestrians/waiting_areas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr std::uint64_t points_tried = 48;
constexpr double apart_m = 0.55; ///< about 3 people per m², Fruin (1971): queueing, level D

} // namespace

WaitingAreas::WaitingAreas(const City& city, const Scenario& scenario)
    : mesh_(city.walk), scenario_(scenario), taken_(scenario.places.size()) {
    for (const Place& place : scenario.places) {
        samplers_.emplace_back(city.walk, place.triangles);
    }
}

void WaitingAreas::list_taken(const Pedestrians& people, const JourneyTable& journeys) {
    for (std::vector<Vec2>& places : taken_) {
        places.clear();
    }
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.is_present(i) && people.busy_until_s[i] > 0.0 &&
            journeys.stage(people, i).waits()) {
            taken_[people.target[i]].emplace_back(static_cast<double>(people.wait_x_m[i]),
                                                  static_cast<double>(people.wait_y_m[i]));
        }
    }
    is_gathered_ = true;
}

double WaitingAreas::nearest_taken_m2(std::uint32_t place, const Vec2& at) const {
    double least_m2 = std::numeric_limits<double>::infinity();
    for (const Vec2& other : taken_[place]) {
        least_m2 = std::min(least_m2, (other - at).squaredNorm());
    }
    return least_m2;
}

Vec2 WaitingAreas::place_for(const Pedestrians& people, std::uint32_t i,
                             const JourneyTable& journeys, std::uint64_t visit) {
    if (!is_gathered_) {
        list_taken(people, journeys);
    }
    const std::uint32_t place = people.target[i];
    const Stage& stage = journeys.stage(people, i);
    const Polygon& area = scenario_.places[place].area;
    Vec2 best(people.x_m[i], people.y_m[i]);
    double least_m = std::numeric_limits<double>::infinity();
    double widest_m2 = 0.0; // to the nearest other, where no place is free
    for (std::uint64_t k = 0; k < points_tried; ++k) {
        const std::uint64_t draw = 2 * (visit * points_tried + k);
        const Vec2 at = samplers_[place]
                            .sample(mesh_, uniform01(scenario_.seed, i, draw, Draw::StagePlace),
                                    uniform_pair(scenario_.seed, i, draw + 1, Draw::StagePlace))
                            .at;
        if (!area.outer.empty() && !contains(area, at)) {
            continue;
        }
        const double gap_m2 = nearest_taken_m2(place, at);
        const double distance_m = stage.has_front ? (at - stage.front).norm() : 0.0;
        if (gap_m2 >= apart_m * apart_m && distance_m < least_m) {
            best = at;
            least_m = distance_m;
        } else if (gap_m2 > widest_m2 && std::isinf(least_m)) {
            best = at;
            widest_m2 = gap_m2;
        }
    }
    taken_[place].push_back(best);
    return best;
}

} // namespace veste
