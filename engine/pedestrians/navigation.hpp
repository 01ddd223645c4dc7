#pragma once
#include "city/city.hpp"
#include "pedestrians/effects.hpp"
#include "pedestrians/pedestrians.hpp"
#include "scenario/scenario.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <vector>

namespace veste {

/// Where to steer from a place, and the first crossing to be entered on the way.
struct Steering {
    Vec2 at{0.0, 0.0};
    bool is_reachable = false;
};

/// The ground as some people take it to be when they choose their ways, for each walk triangle.
struct RouteGround {
    std::vector<float> weight;            ///< cost of a metre: 1 on free, level, lit ground
    std::vector<std::uint8_t> is_barred;  ///< may be left, never entered
    std::vector<std::uint8_t> shut_sides; ///< see Navigation::set_shut_sides; empty: none
};

/// Weights of 1 / factor, in steps of 5 % of the factor: equal weights over many triangles let ways
/// be straight.
std::vector<float> route_weights(std::span<const float> factors);

/// Routes on foot. For each target one search over the mesh, from the target outwards, shared by
/// all who go there and see the ground alike. A *route* is a target seen with a *view* of the
/// ground, a number that route() makes of the two; the first view is that of the ground as it is,
/// where a route is the same number as its target. Every side of every triangle gets the cost of
/// reaching the target through it together with the *root*: the point where the taut path beyond
/// that side first bends. Roots are handed on from triangle to triangle while they stay in sight,
/// so that costs are any-angle path lengths and not a zigzag over triangle centres (after the roots
/// of Polyanya, Cui, Harabor, Grastien 2017, one root kept for each side). Cost is length divided
/// by the walking factor; a way narrower than a body costs so much more that it is taken only where
/// there is no other. Where little of the ground changed since a route was found, it is mended
/// around the change instead (dynamic single-source shortest paths, Ramalingam and Reps 1996): bit
/// by bit the same as searched anew. Steering then pulls the string through the next sides (simple
/// stupid funnel, Mononen 2010).
class Navigation {
public:
    Navigation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);

    /// Targets: places first, then gates.
    std::size_t targets() const { return goals_.size(); }
    std::size_t routes() const { return fields_.size(); }
    std::uint32_t target_of(PlaceId place) const { return place.index; }
    std::uint32_t target_of(GateId gate) const { return gates_from_ + gate.index; }
    GateId gate_of(std::uint32_t target) const { return GateId(target - gates_from_); }
    /// The way to a target as it is seen with a view.
    std::uint32_t route(std::uint32_t target, std::uint32_t view) const {
        return static_cast<std::uint32_t>(targets()) * view + target;
    }
    /// The way of a person to their target.
    std::uint32_t route_of(const Pedestrians& people, std::size_t i) const {
        return route(people.target[i], view_of(people, i));
    }
    /// The same to any target.
    std::uint32_t route_of(const Pedestrians& people, std::size_t i, std::uint32_t target) const {
        return route(target, view_of(people, i));
    }

    /// Takes over the ground as it is, also as the first view. Its routes are stale until prepared.
    void set_ground(WalkGround ground);
    /// Sides that nobody steps over, three bits for each triangle by which they would leave it;
    /// empty: none. Also for the first view, whose routes are stale until prepared.
    void set_shut_sides(std::vector<std::uint8_t> sides);
    std::span<const std::uint8_t> shut_sides() const { return shut_sides_; }
    /// Takes over the ground of a view; its routes are stale until prepared.
    void set_view(std::uint32_t view, RouteGround ground);
    /// A view that begins as a copy of another, with the routes found for it.
    void copy_view(std::uint32_t from, std::uint32_t to);
    /// Gives the routes of a view back to memory.
    void forget_view(std::uint32_t view);
    /// People of these beliefs and this outlook (see Pedestrians) have this view from now on.
    void let_see(std::uint8_t believes, std::uint8_t outlook, std::uint32_t view) {
        view_of_[256u * outlook + believes] = static_cast<std::uint16_t>(view);
    }
    /// True where the side between two neighbours may not be stepped over.
    bool is_shut(std::uint32_t from, std::uint32_t to) const {
        if (shut_sides_.empty() || shut_sides_[from] == 0) {
            return false;
        }
        const std::size_t side = side_towards(from, to);
        return side < 3 && (shut_sides_[from] >> side & 1u) != 0;
    }
    const WalkGround& ground() const { return ground_; }
    /// Finds or mends those of these routes that are stale, in parallel.
    void prepare(std::span<const std::uint32_t> routes);
    /// The same for all routes marked.
    void prepare_wanted(std::span<const std::uint8_t> is_wanted);
    /// Sides settled when a route was found or mended last: for tests and benchmarks.
    std::size_t settled(std::uint32_t route) const { return fields_[route].settled; }

    /// True at the target: inside a place's triangle and area, or within a metre of a gate.
    bool is_at(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const;
    /// Cost (m of unhindered way) from p; infinite where no way is open. Needs a prepared route.
    double cost_m(std::uint32_t route, std::uint32_t triangle, const Vec2& p) const;
    /// Where to steer for next, keeping `clearance_m` from corners. Needs a prepared route.
    /// `way_side` is the side of the triangle chosen before (no_way_side: none yet). It is kept, so
    /// that nobody wavers between two ways, unless another is far shorter, as after a closure. A
    /// side that side_after marked as not meant is checked once against the others.
    Steering steer(std::uint32_t route, std::uint32_t triangle, const Vec2& p, double clearance_m,
                   std::uint8_t& way_side) const;
    /// The same for someone who has not chosen yet.
    Steering steer(std::uint32_t route, std::uint32_t triangle, const Vec2& p,
                   double clearance_m) const {
        std::uint8_t way_side = no_way_side;
        return steer(route, triangle, p, clearance_m, way_side);
    }
    /// The side by which the way goes on for those who step from one triangle to the next; marked
    /// (not_meant added) where they did not leave by `way_side` but were pushed off their way.
    std::uint8_t side_after(std::uint32_t route, std::uint32_t from, std::uint32_t to,
                            std::uint8_t way_side) const;
    static constexpr std::uint8_t not_meant = 4;
    /// The same towards a point near by, by an A* of its own when it is not in sight.
    Steering steer_to_point(std::uint32_t triangle, const Vec2& p, std::uint32_t point_triangle,
                            const Vec2& point, double clearance_m) const;
    /// True where the straight way from p to q stays on open triangles; `end` gets q's triangle.
    bool is_in_sight(std::uint32_t triangle, const Vec2& p, const Vec2& q,
                     std::uint32_t* end = nullptr) const;

private:
    struct Goal {
        std::vector<std::uint8_t> is_inside; ///< per triangle; empty for a gate
        const Place* place = nullptr;
        std::uint32_t triangle = 0; ///< gates
        Vec2 point{0.0, 0.0};
    };
    /// Way out of a triangle through one side.
    struct Way {
        float root_x = 0.0F; ///< relative to the mesh's corner
        float root_y = 0.0F;
        float root_cost_m = std::numeric_limits<float>::infinity(); ///< from the root on
        /// From the side's middle; more than that of the side beyond, so that sides settle in
        /// order.
        float cost_m = std::numeric_limits<float>::infinity();
        std::uint8_t next = 0; ///< side of the triangle beyond to go on through, or an end

        bool operator==(const Way&) const = default;
    };
    /// A side to be settled.
    struct Candidate {
        float cost_m;
        std::uint32_t way;
        friend bool operator>(const Candidate& a, const Candidate& b) {
            return a.cost_m != b.cost_m ? a.cost_m > b.cost_m : a.way > b.way;
        }
    };
    using Queue = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;
    // Ends of a chain of sides, beside the next side's number 0 to 2.
    static constexpr std::uint8_t way_ends_at_area = 3;  ///< beyond the side lies the area
    static constexpr std::uint8_t way_ends_at_point = 4; ///< beyond the side lies the point
    struct Field {
        std::vector<Way> ways;     ///< three for each triangle
        std::uint32_t view = 0;    ///< of the ground
        std::uint32_t version = 0; ///< of the view that the ways are true for
        std::size_t settled = 0;
    };
    struct GroundChange {
        std::uint32_t version;
        std::vector<std::uint32_t> triangles;
    };
    struct View {
        RouteGround ground;
        std::uint32_t version = 0;         ///< grows with every change
        std::uint32_t known_since = 0;     ///< older ways cannot be mended
        std::vector<GroundChange> changes; ///< since then
    };
    /// The way from a point through a side: cost, and the root as it is seen from there.
    struct Leg {
        double cost_m = std::numeric_limits<double>::infinity();
        double root_cost_m = 0.0;
        Vec2 root{0.0, 0.0};
    };
    /// A side as a gate for the string.
    struct Portal {
        Vec2 left{0.0, 0.0};
        Vec2 right{0.0, 0.0};

        /// Unit vector across the side, out of the triangle it leaves.
        Vec2 onwards() const {
            const Vec2 across = left - right;
            return Vec2(across.y(), -across.x()) / std::max(across.norm(), 1e-9);
        }
    };
    /// Where the string bends, and the portal it bends at; the number of portals at the end.
    struct Bend {
        Vec2 at;
        std::size_t portal;
    };
    static constexpr std::size_t string_sides = 48; ///< steering looks this many sides ahead

    void find_barred_vertices();
    Portal portal(std::uint32_t triangle, std::size_t side, double clearance_m) const;
    static Bend first_bend(const Vec2& apex, std::size_t first, std::span<const Portal> portals,
                           const Vec2& end);
    double inset_m(std::uint32_t vertex, double clearance_m) const;
    // navigation_search.cpp: how routes are found and mended
    bool is_goal(const Goal& goal, std::uint32_t triangle) const {
        return goal.place != nullptr ? goal.is_inside[triangle] != 0 : triangle == goal.triangle;
    }
    Vec2 middle(std::uint32_t triangle, std::size_t side) const;
    std::size_t side_towards(std::uint32_t triangle, std::uint32_t neighbour) const;
    bool may_go(const RouteGround& ground, std::uint32_t from, std::size_t side,
                std::uint32_t to) const;
    Way last_way(const Goal& goal, const Field& field, std::uint32_t from, std::size_t side) const;
    Way way_on(const Field& field, std::uint32_t from, std::uint32_t over, std::size_t side) const;
    Way best_way(const Goal& goal, const Field& field, std::uint32_t from, std::size_t side) const;
    void search(std::uint32_t route);
    void offer_around(const Goal& goal, Field& field, std::uint32_t over, std::size_t side,
                      Queue& queue) const;
    void mend(std::uint32_t route);
    void check(const Goal& goal, const Field& field, std::uint32_t from, std::size_t side,
               Queue& queue) const;
    void check_around(const Goal& goal, const Field& field, std::uint32_t over, std::size_t except,
                      Queue& queue) const;
    std::vector<std::uint32_t> changed_since(const View& view, std::uint32_t version) const;
    void make_room_for(std::uint32_t view);
    void note_change(std::uint32_t view, std::vector<std::uint32_t> triangles);

    std::uint32_t view_of(const Pedestrians& people, std::size_t i) const {
        return view_of_[256u * people.outlook[i] + people.believes[i]];
    }
    /// A way along the first sides of a route, as portals of the string.
    struct String {
        std::array<std::uint32_t, string_sides> triangles;
        std::array<std::uint8_t, string_sides> sides;
        std::size_t count = 0;
        std::optional<Vec2> end; ///< none: an area begins behind the last side
    };
    struct Portals {
        std::array<Portal, string_sides> portals;
        std::size_t count = 0;
        Vec2 end{0.0, 0.0};

        std::span<const Portal> span() const { return std::span(portals).first(count); }
    };
    String string_from(const Field& field, std::uint32_t triangle, std::size_t side) const;
    Portals portals_of(const Vec2& p, const String& string, double clearance_m) const;
    double string_cost_m(const Field& field, std::uint32_t triangle, std::size_t side,
                         const Vec2& p, double clearance_m) const;
    std::size_t best_side(const Field& field, std::uint32_t triangle, const Vec2& p,
                          double clearance_m) const;
    Leg leg(const Field& field, std::uint32_t triangle, std::size_t side, const Vec2& p) const;
    double squeezing_cost_m(std::uint32_t triangle, std::uint32_t from, std::size_t side) const;
    double weight(const Field& field, std::uint32_t triangle) const {
        return views_[field.view].ground.weight[triangle];
    }
    bool is_open(std::uint32_t triangle) const { return ground_.is_barred[triangle] == 0; }
    static bool leads_through(const Vec2& p, const Vec2& q, std::span<const Portal> portals,
                              std::size_t last);
    Vec2 pull_string(const Vec2& p, const String& string, double clearance_m) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    const WalkMesh& mesh_;
    Vec2 corner_{0.0, 0.0};
    std::uint32_t gates_from_ = 0;
    std::vector<Goal> goals_;
    std::vector<Field> fields_;              ///< by route
    std::vector<float> wall_distance_m_;     ///< of each vertex, up to wall_reach_m
    std::vector<std::uint8_t> narrow_;       ///< corners of each triangle, see narrow_corners
    std::vector<std::uint8_t> is_at_barred_; ///< vertices of ground that may not be entered
    std::vector<std::uint8_t> shut_sides_;
    WalkGround ground_;
    std::vector<View> views_;
    std::vector<std::uint16_t> view_of_; ///< by outlook and beliefs
};

} // namespace veste
