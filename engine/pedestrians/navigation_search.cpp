#include "pedestrians/navigation.hpp"

#include <algorithm>
#include <cmath>

/// How routes are found, and mended where the ground changed. A *way* leads out of a triangle
/// through one of its sides; it is known by the triangle, `from`, and the side's number.
namespace veste {
namespace {

/// Above this share of all triangles changed, ways are searched anew; our assumption.
constexpr double most_mended = 0.1;

} // namespace

void Navigation::make_room_for(std::uint32_t view) {
    if (view >= views_.size()) {
        views_.resize(view + 1u);
        fields_.resize(views_.size() * targets());
    }
}

void Navigation::set_view(std::uint32_t view, RouteGround ground) {
    make_room_for(view);
    for (std::size_t k = 0; k < targets(); ++k) {
        fields_[view * targets() + k].view = view;
    }
    const RouteGround& before = views_[view].ground;
    const auto sides = [](const RouteGround& g, std::size_t t) {
        return g.shut_sides.empty() ? std::uint8_t{0} : g.shut_sides[t];
    };
    std::vector<std::uint32_t> changed;
    for (std::uint32_t t = 0; t < ground.weight.size(); ++t) {
        if (before.weight.empty() || before.weight[t] != ground.weight[t] ||
            before.is_barred[t] != ground.is_barred[t] || sides(before, t) != sides(ground, t)) {
            changed.push_back(t);
        }
    }
    views_[view].ground = std::move(ground);
    if (!changed.empty()) {
        note_change(view, std::move(changed));
    }
}

/// Remembers what changed as long as mending it pays; else the view's routes are given up.
void Navigation::note_change(std::uint32_t view, std::vector<std::uint32_t> triangles) {
    View& changed = views_[view];
    changed.changes.push_back({++changed.version, std::move(triangles)});
    std::size_t count = 0;
    for (const GroundChange& change : changed.changes) {
        count += change.triangles.size();
    }
    if (static_cast<double>(count) > most_mended * static_cast<double>(mesh_.triangles.size())) {
        forget_view(view);
    }
}

void Navigation::forget_view(std::uint32_t view) {
    views_[view].changes.clear();
    views_[view].known_since = views_[view].version;
    for (std::size_t k = 0; k < targets(); ++k) {
        fields_[view * targets() + k].ways = {};
    }
}

void Navigation::copy_view(std::uint32_t from, std::uint32_t to) {
    make_room_for(to);
    views_[to] = views_[from];
    for (std::size_t k = 0; k < targets(); ++k) {
        fields_[to * targets() + k] = fields_[from * targets() + k];
        fields_[to * targets() + k].view = to;
    }
}

Vec2 Navigation::middle(std::uint32_t triangle, std::size_t side) const {
    const int k = static_cast<int>(side);
    return 0.5 * (mesh_.corner(TriangleId(triangle), k) +
                  mesh_.corner(TriangleId(triangle), (k + 1) % 3));
}

std::size_t Navigation::side_towards(std::uint32_t triangle, std::uint32_t neighbour) const {
    const auto& sides = mesh_.triangles[triangle].neighbours;
    return static_cast<std::size_t>(std::find(sides.begin(), sides.end(), TriangleId(neighbour)) -
                                    sides.begin());
}

/// Barred ground may be left towards open ground, but not entered.
bool Navigation::may_go(const RouteGround& ground, std::uint32_t from, std::size_t side,
                        std::uint32_t to) const {
    const bool enters_barred = ground.is_barred[to] != 0 && ground.is_barred[from] == 0;
    const bool is_side_shut =
        !ground.shut_sides.empty() && (ground.shut_sides[from] >> side & 1u) != 0;
    return !enters_barred && !is_side_shut && may_enter(mesh_, from, to);
}

/// The way through a side behind which the target lies.
Navigation::Way Navigation::last_way(const Goal& goal, const Field& field, std::uint32_t from,
                                     std::size_t side) const {
    const Vec2 at = middle(from, side);
    const bool is_area = goal.place != nullptr;
    const Vec2 root = (is_area ? at : goal.point) - corner_;
    const double cost_m = is_area ? 0.0 : weight(field, goal.triangle) * (goal.point - at).norm();
    return {static_cast<float>(root.x()), static_cast<float>(root.y()), 0.0F,
            static_cast<float>(cost_m), is_area ? way_ends_at_area : way_ends_at_point};
}

/// The way from a triangle to its neighbour and over that through a side.
Navigation::Way Navigation::way_on(const Field& field, std::uint32_t from, std::uint32_t over,
                                   std::size_t side) const {
    const Leg way = leg(field, over, side, middle(over, side_towards(over, from)));
    const double extra_m = squeezing_cost_m(over, from, side);
    const float beyond_m = field.ways[3 * static_cast<std::size_t>(over) + side].cost_m;
    return {static_cast<float>(way.root.x() - corner_.x()),
            static_cast<float>(way.root.y() - corner_.y()),
            static_cast<float>(way.root_cost_m + extra_m),
            std::max(static_cast<float>(way.cost_m + extra_m),
                     std::nextafter(beyond_m, std::numeric_limits<float>::infinity())),
            static_cast<std::uint8_t>(side)};
}

void Navigation::offer_around(const Goal& goal, Field& field, std::uint32_t over, std::size_t side,
                              Queue& queue) const {
    const RouteGround& ground = views_[field.view].ground;
    for (std::size_t k = 0; k < 3; ++k) {
        const TriangleId n = mesh_.triangles[over].neighbours[k];
        if (k == side || !n.is_valid() || is_goal(goal, n.index)) {
            continue;
        }
        const std::size_t j = side_towards(n.index, over);
        if (!may_go(ground, n.index, j, over)) {
            continue;
        }
        const Way offer =
            side < 3 ? way_on(field, n.index, over, side) : last_way(goal, field, n.index, j);
        const std::size_t way = 3 * static_cast<std::size_t>(n.index) + j;
        if (offer.cost_m < field.ways[way].cost_m) {
            field.ways[way] = offer;
            queue.push({offer.cost_m, static_cast<std::uint32_t>(way)});
        }
    }
}

void Navigation::search(std::uint32_t route) {
    constexpr std::size_t no_side = 3;
    const Goal& goal = goals_[route % goals_.size()];
    Field& field = fields_[route];
    field.ways.assign(3 * mesh_.triangles.size(), Way{});
    field.settled = 0;
    Queue queue;
    if (goal.place != nullptr) {
        for (const TriangleId t : goal.place->triangles) {
            offer_around(goal, field, t.index, no_side, queue);
        }
    } else {
        offer_around(goal, field, goal.triangle, no_side, queue);
    }
    while (!queue.empty()) {
        const Candidate next = queue.top();
        queue.pop();
        if (next.cost_m == field.ways[next.way].cost_m) {
            ++field.settled;
            offer_around(goal, field, next.way / 3, next.way % 3, queue);
        }
    }
    field.version = views_[field.view].version;
}

/// The way out of a triangle through a side that the ways beyond allow now. Of equal ones, that
/// over the side that settles first, as in a search.
Navigation::Way Navigation::best_way(const Goal& goal, const Field& field, std::uint32_t from,
                                     std::size_t side) const {
    const TriangleId over = mesh_.triangles[from].neighbours[side];
    if (!over.is_valid() || is_goal(goal, from) ||
        !may_go(views_[field.view].ground, from, side, over.index)) {
        return {};
    }
    if (is_goal(goal, over.index)) {
        return last_way(goal, field, from, side);
    }
    Way best;
    float best_beyond_m = std::numeric_limits<float>::infinity();
    const std::size_t back = side_towards(over.index, from);
    for (std::size_t k = 0; k < 3; ++k) {
        const float beyond_m = field.ways[3 * static_cast<std::size_t>(over.index) + k].cost_m;
        if (k == back || !std::isfinite(beyond_m)) {
            continue;
        }
        const Way way = way_on(field, from, over.index, k);
        if (way.cost_m < best.cost_m || (way.cost_m == best.cost_m && beyond_m < best_beyond_m)) {
            best = way;
            best_beyond_m = beyond_m;
        }
    }
    return best;
}

/// Queues the way out of a triangle through a side where it is no more what it should be.
void Navigation::check(const Goal& goal, const Field& field, std::uint32_t from, std::size_t side,
                       Queue& queue) const {
    const std::size_t way = 3 * static_cast<std::size_t>(from) + side;
    const Way best = best_way(goal, field, from, side);
    if (best != field.ways[way]) {
        queue.push(
            {std::min(best.cost_m, field.ways[way].cost_m), static_cast<std::uint32_t>(way)});
    }
}

/// Checks the ways that lead over a triangle, but for the one out of its own side `except`.
void Navigation::check_around(const Goal& goal, const Field& field, std::uint32_t over,
                              std::size_t except, Queue& queue) const {
    for (std::size_t k = 0; k < 3; ++k) {
        const TriangleId n = mesh_.triangles[over].neighbours[k];
        if (k != except && n.is_valid()) {
            check(goal, field, n.index, side_towards(n.index, over), queue);
        }
    }
}

std::vector<std::uint32_t> Navigation::changed_since(const View& view,
                                                     std::uint32_t version) const {
    // The cost of a way over a triangle depends on that one and on those around it.
    std::vector<std::uint32_t> touched;
    for (const GroundChange& change : view.changes) {
        if (change.version <= version) {
            continue;
        }
        for (const std::uint32_t t : change.triangles) {
            touched.push_back(t);
            for (const TriangleId n : mesh_.triangles[t].neighbours) {
                if (n.is_valid()) {
                    touched.push_back(n.index);
                }
            }
        }
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    return touched;
}

/// After Ramalingam and Reps 1996, DynamicSWSF-FP: ways that are not what they should be are set
/// right in order of cost; one that got dearer is given up first, with all that lead on to it.
void Navigation::mend(std::uint32_t route) {
    constexpr std::size_t no_side = 3;
    const Goal& goal = goals_[route % goals_.size()];
    Field& field = fields_[route];
    const View& view = views_[field.view];
    field.settled = 0;
    Queue queue;
    for (const std::uint32_t t : changed_since(view, field.version)) {
        check_around(goal, field, t, no_side, queue);
    }
    while (!queue.empty()) {
        const Candidate next = queue.top();
        queue.pop();
        const std::uint32_t from = next.way / 3;
        const std::size_t side = next.way % 3;
        Way& kept = field.ways[next.way];
        const Way best = best_way(goal, field, from, side);
        if (best == kept) {
            continue;
        }
        const float due_m = std::min(best.cost_m, kept.cost_m);
        if (due_m > next.cost_m) {
            queue.push({due_m, next.way});
            continue;
        }
        ++field.settled;
        const bool is_dearer = best.cost_m > kept.cost_m;
        kept = is_dearer ? Way{} : best;
        if (is_dearer && std::isfinite(best.cost_m)) {
            queue.push({best.cost_m, next.way});
        }
        check_around(goal, field, from, side, queue);
    }
    field.version = view.version;
}

} // namespace veste
