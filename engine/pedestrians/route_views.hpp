#pragma once
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

/// How people differ in what they make of the same ground: the dark, and their tastes.
namespace veste {

/// Pedestrians::outlook: one for those who avoid the dark, and twice their taste: 0 for none, else
/// from 1 to Walking::tastes.
constexpr std::uint8_t avoids_dark_bit = 1;

/// Draws who avoids the dark (by profile) and whose taste is which, alike for all of a group.
std::uint8_t outlook_of(const Scenario& scenario, const Pedestrians& people, std::size_t i);

/// How long ground feels to people of a taste, as a multiple of its true length, for each walk
/// triangle. The felt length of a way scatters about the true one with a variance in proportion to
/// it, independently for ways that do not overlap: the probit model of route choice (Daganzo,
/// Sheffi 1977; Sheffi 1985, chapter 11), where shares of two ways are
/// Phi((c2 - c1) / sqrt(beta (c1 + c2))) with beta = route_spread² / 100 m. Each square of 25 m has
/// one normal draw for each taste; over all tastes these are stratified (Latin hypercube; McKay,
/// Beckman, Conover 1979), so that few tastes do. A way so wide that squares lie side by side
/// in it seems a little shorter than a narrow one.
std::vector<float> felt_lengths(const WalkMesh& mesh, const Scenario& scenario,
                                std::uint32_t taste);

/// The views of the ground that Navigation has, by what people believe and their outlook. View 0 is
/// that of who knows how things are, minds no dark and has no taste of their own.
class RouteViews {
public:
    using GroundMaker = std::function<RouteGround(Beliefs believes, std::uint8_t outlook)>;
    /// How things are.
    struct Now {
        Beliefs truth = 0;    ///< what who knows all believes
        bool is_dark = false; ///< somewhere
        bool is_new = true;   ///< since the last time: all grounds are made anew
    };

    explicit RouteViews(Navigation& navigation) : navigation_(navigation) {}

    /// Keeps a copy of view 0 for those who go on believing what was true until now.
    void keep_former(Beliefs former_truth);
    /// Gives all people who are not gone a view, and all outlooks one for who is told the truth
    /// later; gives back those that nobody has.
    void assign(const Pedestrians& people, const Now& now, const GroundMaker& make);

private:
    static constexpr std::uint32_t nobody = UINT32_MAX;
    std::uint32_t view_for(std::uint32_t key, Beliefs truth);
    void give_back(std::uint32_t view);
    void show(std::uint32_t key, std::uint32_t seen, const Now& now, const GroundMaker& make);

    Navigation& navigation_;
    std::vector<std::uint32_t> keys_ = {0}; ///< ground_key of each view, or nobody
    Beliefs truth_ = 0;                     ///< of view 0
};

} // namespace veste
