#include "pedestrians/surroundings.hpp"

#include "pedestrians/sight.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace veste {
namespace {

bool is_hidden(std::span<const NearWall> walls, const Vec2& from, const Vec2& to) {
    for (const NearWall& near : walls) {
        const double far_m = near.wall->side_m(to);
        if (far_m >= 0.0 || !near.wall->hides) {
            continue;
        }
        const Vec2 crossing = from + (to - from) * (near.side_m / (near.side_m - far_m));
        const double along_m = near.wall->along.dot(crossing - near.wall->from);
        if (along_m >= 0.0 && along_m <= near.wall->length_m) {
            return true;
        }
    }
    return false;
}

bool sees(const Intention& walker, const Crowd::Person& other, const Crowd& crowd,
          std::span<const NearWall> walls) {
    const Vec2 there(other.x_m, other.y_m);
    if (WalkCells::on_one_level(walker.levels, other.levels)) {
        return walls.empty() || !is_hidden(walls, walker.at, there);
    }
    const auto anywhere = [](std::uint32_t, std::uint32_t) { return true; };
    return line_of_sight(crowd.cells().mesh(), walker.triangle, walker.at, there, anywhere) ==
           TriangleId(other.triangle);
}

/// Places in Crowd::everyone() of people within reach who are ahead or close by.
struct Candidates {
    static constexpr std::size_t most = 192;
    std::array<std::uint32_t, most + lane_count> places;
    std::size_t count = 0;
};

using FourPlaces = std::array<std::uint32_t, lane_count>;

/// For each set of lanes their numbers, one after the other.
constexpr std::array<FourPlaces, 1u << lane_count> numbers_of_lanes = [] {
    std::array<FourPlaces, 1u << lane_count> numbers{};
    for (std::uint32_t set = 0; set < numbers.size(); ++set) {
        std::size_t count = 0;
        for (std::uint32_t lane = 0; lane < lane_count; ++lane) {
            if ((set >> lane & 1u) != 0) {
                numbers[set][count++] = lane;
            }
        }
    }
    return numbers;
}();

/// Everyone within reach who is ahead or close by, the walker too. Written without branches on who
/// is near, which can hardly be foreseen.
void find_candidates(const Intention& walker, const Crowd& crowd, double reach_m, double behind_m,
                     Candidates& near) {
    const Vec2 at = walker.at - crowd.cells().corner();
    const Lanes at_x(static_cast<float>(at.x()));
    const Lanes at_y(static_cast<float>(at.y()));
    const Lanes ex(static_cast<float>(walker.direction.x()));
    const Lanes ey(static_cast<float>(walker.direction.y()));
    const Lanes reach2(static_cast<float>(reach_m * reach_m));
    const Lanes behind2(static_cast<float>(behind_m * behind_m));
    crowd.cells().for_sections(
        walker.at.x(), walker.at.y(), reach_m, [&](std::uint32_t first, std::uint32_t end) {
            const auto [begin, stop] = crowd.range(first, end);
            for (std::uint32_t k = begin; k < stop; k += lane_count) {
                const Lanes dx = crowd.four_x_m(k) - at_x;
                const Lanes dy = crowd.four_y_m(k) - at_y;
                const Lanes distance2 = dx * dx + dy * dy;
                const LaneMask is_felt =
                    distance2 <= reach2 && (dx * ex + dy * ey >= 0.0F || distance2 <= behind2);
                // Lanes beyond the section are other people's.
                const unsigned felt = bits_of(is_felt) & ((1u << std::min(stop - k, 4u)) - 1u);
                const FourPlaces& numbers = numbers_of_lanes[felt];
                for (std::size_t lane = 0; lane < lane_count; ++lane) {
                    near.places[near.count + lane] = k + numbers[lane];
                }
                near.count = std::min(near.count + static_cast<std::size_t>(std::popcount(felt)),
                                      Candidates::most);
            }
        });
}

} // namespace

Sights::Sights(std::size_t walkers) : fours_(walkers * most_fours), walls_(walkers * most_walls) {}

void Sights::clear() {
    fours_used_ = 0;
    walls_used_ = 0;
}

std::span<const NearWall> Sights::find_walls(const Intention& walker, std::span<const Wall> walls,
                                             double reach_m) {
    const std::span room = std::span(walls_).subspan(walls_used_, most_walls);
    std::size_t count = 0;
    for (const Wall& wall : walls) {
        const Vec2 offset = walker.at - wall.from;
        const double side_m = cross(wall.along, offset);
        if (side_m < 0.0 || side_m > reach_m) {
            continue;
        }
        const double along_m = wall.along.dot(offset);
        const Vec2 away = offset - std::clamp(along_m, 0.0, wall.length_m) * wall.along;
        const double distance2 = away.squaredNorm();
        if (distance2 <= reach_m * reach_m && count < most_walls) {
            room[count++] = {&wall, away, std::sqrt(distance2), side_m, along_m};
        }
    }
    walls_used_ += count;
    return room.first(count);
}

Surroundings Sights::look_around(const Intention& walker, const Crowd& crowd, double reach_m,
                                 double behind_m) {
    static constexpr Crowd::Person nobody{.x_m = 1e9, .y_m = 1e9};
    const auto walls = find_walls(walker, crowd.cells().walls(walker.triangle), reach_m);
    std::array<const Crowd::Person*, most_people + lane_count> people;
    std::size_t count = 0;
    Candidates near;
    find_candidates(walker, crowd, reach_m, behind_m, near);
    for (std::size_t k = 0; k < near.count; ++k) {
        const Crowd::Person& other = crowd.everyone()[near.places[k]];
        const bool is_seen = other.id != walker.id &&
                             WalkCells::may_meet(other.levels, walker.levels) &&
                             sees(walker, other, crowd, walls);
        people[count] = &other;
        count = std::min(count + static_cast<std::size_t>(is_seen), most_people - 1);
    }
    std::fill_n(&people[count], lane_count, &nobody);
    const std::span fours =
        std::span(fours_).subspan(fours_used_, (count + lane_count - 1) / lane_count);
    fours_used_ += fours.size();
    for (std::size_t f = 0; f < fours.size(); ++f) {
        FourInSight& four = fours[f];
        std::copy_n(&people[f * lane_count], lane_count, four.people.begin());
        four.dx_m = Lanes([&](auto lane) {
            return static_cast<float>(people[f * lane_count + lane]->x_m - walker.at.x());
        });
        four.dy_m = Lanes([&](auto lane) {
            return static_cast<float>(people[f * lane_count + lane]->y_m - walker.at.y());
        });
        four.distance_m = std::experimental::sqrt(four.dx_m * four.dx_m + four.dy_m * four.dy_m);
    }
    return {fours, walls};
}

} // namespace veste
