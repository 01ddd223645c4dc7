#include "pedestrians/surroundings.hpp"

#include "pedestrians/sight.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

void find_walls(const Intention& walker, std::span<const Wall> walls, double reach_m,
                Surroundings& around) {
    for (const Wall& wall : walls) {
        const Vec2 offset = walker.at - wall.from;
        const double side_m = cross(wall.along, offset);
        if (side_m < 0.0 || side_m > reach_m) {
            continue;
        }
        const double along_m = wall.along.dot(offset);
        const Vec2 away = offset - std::clamp(along_m, 0.0, wall.length_m) * wall.along;
        const double distance2 = away.squaredNorm();
        if (distance2 <= reach_m * reach_m && around.wall_count < Surroundings::most_walls) {
            around.walls[around.wall_count++] = {&wall, away, std::sqrt(distance2), side_m,
                                                 along_m};
        }
    }
}

bool is_hidden(std::span<const NearWall> walls, const Vec2& from, const Vec2& to) {
    for (const NearWall& near : walls) {
        const double far_m = near.wall->side_m(to);
        if (far_m >= 0.0) {
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

/// Everyone within reach who is ahead or close by.
struct Candidates {
    static constexpr std::size_t most = 192;
    std::array<const Crowd::Person*, most> people;
    std::size_t count = 0;
};

Candidates candidates(const Intention& walker, const Crowd& crowd, double reach_m,
                      double behind_m) {
    Candidates near;
    const double reach2 = reach_m * reach_m;
    const double behind2 = behind_m * behind_m;
    const double ex = walker.direction.x();
    const double ey = walker.direction.y();
    crowd.cells().for_sections(
        walker.at.x(), walker.at.y(), reach_m, [&](std::uint32_t first, std::uint32_t end) {
            const auto people = crowd.in_cells(first, end);
            const std::size_t room = Candidates::most - 1 - near.count;
            // Written without branches: who is near can hardly be foreseen.
            for (const Crowd::Person& other : people.first(std::min(people.size(), room))) {
                const double dx = other.x_m - walker.at.x();
                const double dy = other.y_m - walker.at.y();
                const double distance2 = dx * dx + dy * dy;
                const bool is_felt = (dx * ex + dy * ey >= 0.0) | (distance2 <= behind2);
                near.people[near.count] = &other;
                near.count += static_cast<std::size_t>((distance2 <= reach2) & is_felt);
            }
        });
    return near;
}

} // namespace

void look_around(const Intention& walker, const Crowd& crowd, double reach_m, double behind_m,
                 Surroundings& around) {
    around.count = 0;
    around.wall_count = 0;
    find_walls(walker, crowd.cells().walls(walker.triangle), reach_m, around);
    const Candidates near = candidates(walker, crowd, reach_m, behind_m);
    for (std::size_t k = 0; k < near.count && around.count < Surroundings::most_people; ++k) {
        const Crowd::Person& other = *near.people[k];
        if (other.id == walker.id || !WalkCells::may_meet(other.levels, walker.levels) ||
            !sees(walker, other, crowd, around.near_walls())) {
            continue;
        }
        const auto dx = static_cast<float>(other.x_m - walker.at.x());
        const auto dy = static_cast<float>(other.y_m - walker.at.y());
        around.people[around.count] = &other;
        around.dx_m[around.count] = dx;
        around.dy_m[around.count] = dy;
        around.distance_m[around.count] = std::sqrt(dx * dx + dy * dy);
        ++around.count;
    }
    for (std::size_t k = around.count; k < around.padded_count(); ++k) {
        constexpr float far_m = 1e6F;
        around.dx_m[k] = far_m;
        around.dy_m[k] = far_m;
        around.distance_m[k] = far_m;
    }
}

} // namespace veste
