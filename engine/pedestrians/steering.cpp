#include "pedestrians/navigation.hpp"

#include "pedestrians/walls.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>

namespace veste {
namespace {

/// The point moved away from the walls that it is nearer to than the clearance. Between two walls
/// it is moved to the middle.
Vec2 off_walls(const WalkMesh& mesh, std::uint32_t triangle, const Vec2& p, double clearance_m) {
    Vec2 push(0.0, 0.0);
    for (const Wall& wall : walls_near(mesh, triangle, clearance_m)) {
        const double along_m = wall.along.dot(p - wall.from);
        const double lack_m = clearance_m - wall.side_m(p);
        if (along_m >= 0.0 && along_m <= wall.length_m && lack_m > 0.0 &&
            lack_m < 2.0 * clearance_m) {
            push += lack_m * Vec2(-wall.along.y(), wall.along.x());
        }
    }
    return p + push;
}

struct Open {
    float estimate_m;
    std::uint32_t triangle;
    friend bool operator>(const Open& a, const Open& b) {
        return a.estimate_m != b.estimate_m ? a.estimate_m > b.estimate_m : a.triangle > b.triangle;
    }
};

/// A search from triangle to triangle (A*; Hart, Nilsson, Raphael 1968) with its scratch, one for
/// each thread, cleared by counting rounds.
struct LocalSearch {
    std::vector<std::uint32_t> round;
    std::vector<float> cost_m;
    std::vector<std::uint32_t> onwards; ///< the next triangle on the way to the point
    std::uint32_t now = 0;

    void begin(std::size_t triangles) {
        if (round.size() != triangles) {
            round.assign(triangles, 0);
            cost_m.resize(triangles);
            onwards.resize(triangles);
            now = 0;
        }
        ++now;
    }

    /// Backwards from the point, so that the chain found leads from p to it; false where the search
    /// does not get there.
    template <class MayWalk>
    bool reach(const WalkMesh& mesh, std::uint32_t triangle, const Vec2& p,
               std::uint32_t point_triangle, const Vec2& point, const MayWalk& may_walk) {
        constexpr int most_triangles = 4000;
        begin(mesh.triangles.size());
        std::priority_queue<Open, std::vector<Open>, std::greater<>> queue;
        round[point_triangle] = now;
        cost_m[point_triangle] = 0.0F;
        queue.push({0.0F, point_triangle});
        for (int step = 0; step < most_triangles && !queue.empty(); ++step) {
            const std::uint32_t t = queue.top().triangle;
            queue.pop();
            if (t == triangle) {
                return true;
            }
            const Vec2 here = t == point_triangle ? point : mesh.centroid(TriangleId(t));
            for (const TriangleId n : mesh.triangles[t].neighbours) {
                if (!n.is_valid() || !may_walk(n.index, t)) {
                    continue;
                }
                const float via_m =
                    cost_m[t] + static_cast<float>((mesh.centroid(n) - here).norm());
                if (round[n.index] == now && cost_m[n.index] <= via_m) {
                    continue;
                }
                round[n.index] = now;
                cost_m[n.index] = via_m;
                onwards[n.index] = t;
                queue.push({via_m + static_cast<float>((mesh.centroid(n) - p).norm()), n.index});
            }
        }
        return false;
    }
};

} // namespace

/// The side as people pass it: its ends moved inwards by what they lack in clearance.
Navigation::Portal Navigation::portal(std::uint32_t triangle, std::size_t side,
                                      double clearance_m) const {
    const std::uint32_t from = mesh_.triangles[triangle].vertices[side];
    const std::uint32_t to = mesh_.triangles[triangle].vertices[(side + 1) % 3];
    // Leaving a counter-clockwise triangle, the side runs from the right hand to the left.
    Portal portal{mesh_.vertices[to], mesh_.vertices[from]};
    const Vec2 across = portal.left - portal.right;
    const double length_m = across.norm();
    const double most_m = 0.45 * length_m;
    const Vec2 along = across / std::max(length_m, 1e-9);
    portal.left -= std::min(most_m, inset_m(to, clearance_m)) * along;
    portal.right += std::min(most_m, inset_m(from, clearance_m)) * along;
    return portal;
}

/// The first bend of the string from the apex through the portals from `first` on, to the end.
Navigation::Bend Navigation::first_bend(const Vec2& apex, std::size_t first,
                                        std::span<const Portal> portals, const Vec2& end) {
    std::size_t left_portal = first;
    std::size_t right_portal = first;
    Vec2 left = portals[first].left - apex;
    Vec2 right = portals[first].right - apex;
    for (std::size_t k = first + 1; k <= portals.size(); ++k) {
        const bool is_end = k == portals.size();
        const Vec2 new_left = (is_end ? end : portals[k].left) - apex;
        const Vec2 new_right = (is_end ? end : portals[k].right) - apex;
        // The funnel's arms may only close; where one passes the other, the string bends.
        if (cross(right, new_right) >= 0.0) {
            if (cross(left, new_right) > 0.0) {
                return {apex + left, left_portal};
            }
            right = new_right;
            right_portal = k;
        } else if (is_end) {
            return {apex + right, right_portal};
        }
        if (cross(left, new_left) <= 0.0) {
            if (cross(right, new_left) < 0.0) {
                return {apex + right, right_portal};
            }
            left = new_left;
            left_portal = k;
        } else if (is_end) {
            return {apex + left, left_portal};
        }
    }
    return {end, portals.size()};
}

Navigation::String Navigation::string_from(const Field& field, std::uint32_t triangle,
                                           std::size_t side) const {
    String string;
    std::uint32_t t = triangle;
    while (string.count < string_sides) {
        const Way& way = field.ways[3 * static_cast<std::size_t>(t) + side];
        string.triangles[string.count] = t;
        string.sides[string.count++] = static_cast<std::uint8_t>(side);
        if (way.next == way_ends_at_area) {
            string.end.reset();
            break;
        }
        string.end =
            corner_ + Vec2(static_cast<double>(way.root_x), static_cast<double>(way.root_y));
        if (way.next == way_ends_at_point) {
            break;
        }
        t = mesh_.triangles[t].neighbours[side].index;
        side = way.next;
    }
    return string;
}

/// The string's portals, and its end: where it leads to an area, any point of the last side will
/// do, the nearest one and a little farther.
Navigation::Portals Navigation::portals_of(const Vec2& p, const String& string,
                                           double clearance_m) const {
    Portals portals;
    portals.count = string.count;
    for (std::size_t k = 0; k < string.count; ++k) {
        portals.portals[k] = portal(string.triangles[k], string.sides[k], clearance_m);
    }
    if (string.end) {
        portals.end = *string.end;
    } else {
        constexpr double beyond_m = 0.3;
        const Portal& last = portals.portals[string.count - 1];
        portals.end = nearest_on_segment(p, last.left, last.right) + beyond_m * last.onwards();
    }
    return portals;
}

double Navigation::string_cost_m(const Field& field, std::uint32_t triangle, std::size_t side,
                                 const Vec2& p, double clearance_m) const {
    constexpr int most_bends = 4;
    const String string = string_from(field, triangle, side);
    const Portals way = portals_of(p, string, clearance_m);
    double length_m = 0.0;
    Vec2 at = p;
    std::size_t next = 0;
    for (int k = 0; k < most_bends && next + 1 < string.count; ++k) {
        const Bend bend = first_bend(at, next, way.span(), way.end);
        if (bend.portal >= string.count) {
            break;
        }
        length_m += (bend.at - at).norm();
        at = bend.at;
        next = bend.portal;
    }
    double extra_m = 0.0;
    for (std::size_t k = 1; k <= next; ++k) {
        extra_m += squeezing_cost_m(string.triangles[k], string.triangles[k - 1], string.sides[k]);
    }
    return weight(field, triangle) * length_m + extra_m +
           leg(field, string.triangles[next], string.sides[next], at).cost_m;
}

/// The side by which the string is shortest; the estimates of legs decide which ones to try.
std::size_t Navigation::best_side(const Field& field, std::uint32_t triangle, const Vec2& p,
                                  double clearance_m) const {
    std::size_t best = 3;
    double best_m = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < 3; ++k) {
        if (!std::isfinite(leg(field, triangle, k, p).cost_m)) {
            continue;
        }
        const double cost_m = string_cost_m(field, triangle, k, p, clearance_m);
        if (best == 3 || cost_m < best_m) {
            best_m = cost_m;
            best = k;
        }
    }
    return best;
}

/// True where the straight way from p to q leads through the portals up to and with `last`.
bool Navigation::leads_through(const Vec2& p, const Vec2& q, std::span<const Portal> portals,
                               std::size_t last) {
    const Vec2 way = q - p;
    for (std::size_t k = 0; k <= last; ++k) {
        const auto& [left, right] = portals[k];
        if (cross(way, left - p) < 0.0 || cross(way, right - p) > 0.0 ||
            cross(left - right, q - right) > 0.0) {
            return false;
        }
    }
    return true;
}

Vec2 Navigation::pull_string(const Vec2& p, const String& string, double clearance_m) const {
    constexpr double near_m = 0.3;    // a bend so near is left out where the next one is in sight
    constexpr double past_m = 0.1;    // else one steps so far past its side
    constexpr double pinched_m = 0.1; // a side that clearance leaves less of may lead into a post
    constexpr int most_bends = 6;
    constexpr double spare_m = 0.05; // of the clearance, which a body at the bend may lack
    const Portals way = portals_of(p, string, clearance_m);
    Bend bend = first_bend(p, 0, way.span(), way.end);
    if (bend.portal >= way.count || (bend.at - p).squaredNorm() > near_m * near_m) {
        return bend.at;
    }
    const Portals body_way = portals_of(p, string, clearance_m - spare_m);
    for (int k = 0; k < most_bends && bend.portal < way.count; ++k) {
        if ((bend.at - p).squaredNorm() > near_m * near_m) {
            break;
        }
        Vec2 past = bend.at + past_m * way.portals[bend.portal].onwards();
        if (bend.portal + 1 == way.count) {
            return past;
        }
        const Bend next = first_bend(bend.at, bend.portal + 1, way.span(), way.end);
        if (!leads_through(p, next.at, body_way.span(), std::min(next.portal, way.count - 1))) {
            const Portal& side = way.portals[bend.portal];
            const bool is_pinched = (side.left - side.right).norm() < pinched_m;
            return is_pinched ? off_walls(mesh_, string.triangles[bend.portal], past, clearance_m)
                              : past;
        }
        bend = next;
    }
    return bend.at;
}

Steering Navigation::steer_to_point(std::uint32_t triangle, const Vec2& p,
                                    std::uint32_t point_triangle, const Vec2& point,
                                    double clearance_m) const {
    if (triangle == point_triangle || is_in_sight(triangle, p, point)) {
        return {point, true};
    }
    thread_local LocalSearch local;
    const auto may_walk = [this](std::uint32_t from, std::uint32_t to) {
        return (is_open(to) || !is_open(from)) && !is_shut(from, to);
    };
    if (!local.reach(mesh_, triangle, p, point_triangle, point, may_walk)) {
        return {p, false};
    }
    String string;
    std::uint32_t t = triangle;
    while (t != point_triangle && string.count < string_sides) {
        string.triangles[string.count] = t;
        const std::uint32_t next = local.onwards[t];
        string.sides[string.count++] = static_cast<std::uint8_t>(side_towards(t, next));
        t = next;
    }
    string.end = t == point_triangle ? point : mesh_.centroid(TriangleId(t));
    return {pull_string(p, string, clearance_m), true};
}

} // namespace veste
