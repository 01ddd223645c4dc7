#include "city/walk_areas.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace veste {
namespace {

/// Gradient of the ground at p over some metres, by central differences; buildings are left out.
Vec2 gradient_at(const Terrain& terrain, const Vec2& p) {
    const RasterShape& shape = terrain.shape();
    const int reach = std::max(1, static_cast<int>(std::lround(4.0 / shape.cell_m)));
    const int i = std::clamp(shape.column_at(p.x()), 0, shape.columns - 1);
    const int j = std::clamp(shape.row_at(p.y()), 0, shape.rows - 1);
    const auto ground = [&](int column, int row) -> std::optional<double> {
        const std::size_t cell = shape.index(std::clamp(column, 0, shape.columns - 1),
                                             std::clamp(row, 0, shape.rows - 1));
        if (terrain.surface.values[cell] == static_cast<std::uint8_t>(Surface::Building)) {
            return std::nullopt;
        }
        return terrain.ground_m.values[cell];
    };
    const auto rise = [&](int di, int dj) {
        const auto here = ground(i, j);
        const auto low = ground(i - di, j - dj);
        const auto high = ground(i + di, j + dj);
        const double step_m = reach * shape.cell_m;
        if (low && high) {
            return (*high - *low) / (2.0 * step_m);
        }
        if (here && (low || high)) {
            return low ? (*here - *low) / step_m : (*high - *here) / step_m;
        }
        return 0.0;
    };
    return {rise(reach, 0), rise(0, reach)};
}

/// +1 where a way's tags say that it goes up in the direction it is drawn, -1 down, 0 unknown.
double incline_of(const Tags& tags) {
    const std::string& incline = tag(tags, "incline");
    if (incline == "up" || incline == "down") {
        return incline == "up" ? 1.0 : -1.0;
    }
    double rise = 0.0; // "12%", "-30°"
    const auto [end, error] =
        std::from_chars(incline.data(), incline.data() + incline.size(), rise);
    const bool is_number = error == std::errc() && end != incline.data();
    return is_number && rise != 0.0 ? std::copysign(1.0, rise) : 0.0;
}

/// Velocity of an escalator or moving walkway along the way as it is drawn; 0 for none, and where
/// the tags do not tell its direction. 0.5 m/s is the usual speed of escalators (EN 115-1).
double conveyor_mps(const Tags& tags) {
    constexpr double usual_mps = 0.5;
    const std::string& conveying = tag(tags, "conveying");
    return conveying == "forward" ? usual_mps : conveying == "backward" ? -usual_mps : 0.0;
}

} // namespace

void set_slopes(const Terrain& terrain, WalkMesh& mesh) {
    if (!terrain.has_elevation || terrain.shape().cells() == 0) {
        return;
    }
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        if (mesh.triangles[t].level == 0) {
            const Vec2 uphill = gradient_at(terrain, mesh.centroid(TriangleId(t)));
            mesh.triangles[t].slope = static_cast<float>(uphill.norm());
            mesh.triangles[t].uphill = {static_cast<float>(uphill.x()),
                                        static_cast<float>(uphill.y())};
        }
    }
}

void set_directions(const std::vector<FootLine>& lines, WalkMesh& mesh) {
    constexpr double steps_rise = 0.5; // only its direction counts
    for (const FootLine& line : lines) {
        const bool is_steps = line.walk.kind == WalkKind::Steps;
        const double incline = is_steps ? incline_of(line.way->tags) : 0.0;
        const double moving_mps = conveyor_mps(line.way->tags);
        if (incline == 0.0 && moving_mps == 0.0) {
            continue;
        }
        for (const TriangleId t : mesh.of_way(line.walk)) {
            WalkTriangle& triangle = mesh.triangles[t.index];
            if (triangle.kind != line.walk.kind) {
                continue;
            }
            const Vec2 along = nearest_place(line.walk.line, mesh.centroid(t)).direction;
            const auto scaled = [&](double by) {
                return std::array{static_cast<float>(by * along.x()),
                                  static_cast<float>(by * along.y())};
            };
            triangle.uphill = incline == 0.0 ? triangle.uphill : scaled(incline * steps_rise);
            triangle.conveyor_mps = scaled(moving_mps);
        }
    }
}

} // namespace veste
