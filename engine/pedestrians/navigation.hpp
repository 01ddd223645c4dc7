#pragma once
#include "city/city.hpp"
#include "pedestrians/effects.hpp"
#include "scenario/scenario.hpp"

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
/// Grastien 2017, one root kept for each side). Cost is length divided by the walking factor.
/// Steering then pulls the string through the next sides (simple stupid funnel, Mononen 2010).
class Navigation {
public:
    Navigation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);

    /// Targets: places first, then gates.
    std::size_t targets() const { return goals_.size(); }
    std::uint32_t target_of(PlaceId place) const { return place.index; }
    std::uint32_t target_of(GateId gate) const { return gates_from_ + gate.index; }

    /// Takes over new costs: every route is stale until prepared again.
    void set_ground(WalkGround ground);
    const WalkGround& ground() const { return ground_; }
    /// Searches the routes to these targets that are stale or were never found, in parallel.
    void prepare(std::span<const std::uint32_t> targets);

    /// True at the target: inside a place's triangle and area, or within a metre of a gate.
    bool is_at(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const;
    /// Cost (m of unhindered way) from p; infinite where no way is open. Needs a prepared target.
    double cost_m(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const;
    /// Where to steer for next, keeping `clearance_m` from corners. Needs a prepared target.
    Steering steer(std::uint32_t target, std::uint32_t triangle, const Vec2& p,
                   double clearance_m) const;
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
    struct Search;

    void find_wall_vertices();
    void search(std::uint32_t target);
    Leg leg(const Field& field, std::uint32_t triangle, std::size_t side, const Vec2& p) const;
    double weight(std::uint32_t triangle) const { return weight_[triangle]; }
    bool is_open(std::uint32_t triangle) const { return ground_.is_barred[triangle] == 0; }
    Vec2 pull_string(const Vec2& p, std::span<const std::uint32_t> triangles,
                     std::span<const std::uint8_t> sides, std::optional<Vec2> end,
                     double clearance_m) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    const WalkMesh& mesh_;
    Vec2 corner_{0.0, 0.0};
    std::uint32_t gates_from_ = 0;
    std::vector<Goal> goals_;
    std::vector<Field> fields_;
    std::vector<std::uint8_t> is_wall_vertex_;
    WalkGround ground_;
    std::vector<float> weight_; ///< 1 / factor, by steps of 5 %
};

} // namespace veste
