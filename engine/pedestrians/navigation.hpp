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
#include <span>
#include <vector>

namespace veste {

/// Where to steer from a place, and the first crossing to be entered on the way.
struct Steering {
    Vec2 at{0.0, 0.0};
    bool is_reachable = false;
};

/// Routes on foot. For each target one search over the mesh, from the target outwards, shared by
/// all who go there. Every side of every triangle gets the cost of reaching the target through it
/// together with the *root*: the point where the taut path beyond that side first bends. Roots are
/// handed on from triangle to triangle while they stay in sight, so that costs are any-angle path
/// lengths and not a zigzag over triangle centres (after the roots of Polyanya, Cui, Harabor,
/// Grastien 2017, one root kept for each side). Cost is length divided by the walking factor; a way
/// narrower than a body costs so much more that it is taken only where there is no other.
/// Steering then pulls the string through the next sides (simple stupid funnel, Mononen 2010).
class Navigation {
public:
    Navigation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);

    /// Targets: places first, then gates.
    std::size_t targets() const { return goals_.size(); }
    std::uint32_t target_of(PlaceId place) const { return place.index; }
    std::uint32_t target_of(GateId gate) const { return gates_from_ + gate.index; }
    GateId gate_of(std::uint32_t target) const { return GateId(target - gates_from_); }

    /// Takes over new costs: every route is stale until prepared again.
    void set_ground(WalkGround ground);
    /// Sides that nobody steps over, three bits for each triangle by which they would leave it;
    /// empty: none. Every route is stale until prepared again.
    void set_shut_sides(std::vector<std::uint8_t> sides);
    /// True where the side between two neighbours may not be stepped over.
    bool is_shut(std::uint32_t from, std::uint32_t to) const {
        if (shut_sides_.empty() || shut_sides_[from] == 0) {
            return false;
        }
        const auto& neighbours = mesh_.triangles[from].neighbours;
        for (std::size_t k = 0; k < 3; ++k) {
            if (neighbours[k].is_valid() && neighbours[k].index == to) {
                return ((shut_sides_[from] >> k) & 1u) != 0;
            }
        }
        return false;
    }
    const WalkGround& ground() const { return ground_; }
    /// Searches the routes to these targets that are stale or were never found, in parallel.
    void prepare(std::span<const std::uint32_t> targets);

    /// True at the target: inside a place's triangle and area, or within a metre of a gate.
    bool is_at(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const;
    /// Cost (m of unhindered way) from p; infinite where no way is open. Needs a prepared target.
    double cost_m(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const;
    /// Where to steer for next, keeping `clearance_m` from corners. Needs a prepared target.
    /// `way_side` is the side of the triangle chosen before (no_way_side: none yet). It is kept, so
    /// that nobody wavers between two ways, unless another is far shorter, as after a closure. A
    /// side that side_after marked as not meant is checked once against the others.
    Steering steer(std::uint32_t target, std::uint32_t triangle, const Vec2& p, double clearance_m,
                   std::uint8_t& way_side) const;
    /// The same for someone who has not chosen yet.
    Steering steer(std::uint32_t target, std::uint32_t triangle, const Vec2& p,
                   double clearance_m) const {
        std::uint8_t way_side = no_way_side;
        return steer(target, triangle, p, clearance_m, way_side);
    }
    /// The side by which the way goes on for those who step from one triangle to the next; marked
    /// (not_meant added) where they did not leave by `way_side` but were pushed off their way.
    std::uint8_t side_after(std::uint32_t target, std::uint32_t from, std::uint32_t to,
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
        std::uint8_t next = 0; ///< side of the triangle beyond to go on through, or an end
    };
    // Ends of a chain of sides, beside the next side's number 0 to 2.
    static constexpr std::uint8_t way_ends_at_area = 3;  ///< beyond the side lies the area
    static constexpr std::uint8_t way_ends_at_point = 4; ///< beyond the side lies the point
    struct Field {
        std::vector<Way> ways; ///< three for each triangle
        bool is_fresh = false;
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
    void search(std::uint32_t target);
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
    double weight(std::uint32_t triangle) const { return weight_[triangle]; }
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
    std::vector<Field> fields_;
    std::vector<float> wall_distance_m_;     ///< of each vertex, up to wall_reach_m
    std::vector<std::uint8_t> narrow_;       ///< corners of each triangle, see narrow_corners
    std::vector<std::uint8_t> is_at_barred_; ///< vertices of ground that may not be entered
    std::vector<std::uint8_t> shut_sides_;
    WalkGround ground_;
    std::vector<float> weight_; ///< 1 / factor, by steps of 5 %
};

} // namespace veste
