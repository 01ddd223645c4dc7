#pragma once
#include "base/random.hpp"
#include "pedestrians/pedestrians.hpp"
#include "scenario/weighted_choice.hpp"

/// What each person is: drawn from the profile by seed and id, the same whenever it is asked for.
namespace veste {

/// Mean and standard deviation of the free speed at an age. RiMEA guideline 4.1.1, figure of the
/// walking speed by age (Weidmann 1993, figure 8), read at 3, 10, 20 ... 80 and 85 years, linear in
/// between; ages beyond are those of the ends.
struct AgeSpeed {
    double mean_mps;
    double sd_mps;
};
AgeSpeed speed_at_age(double age_years);

/// A time drawn from the distribution; 0 where there is none. Log-normal, gamma and Weibull
/// parameters follow from mean and standard deviation; gamma by Marsaglia and Tsang 2000.
double drawn_delay_s(const Delay& delay, std::uint64_t seed, std::uint64_t owner);

/// The profile of someone planned; the ordinary one for those whose demand names none.
const Profile& profile_of(const Scenario& scenario, const Pedestrians& people, std::size_t i);

/// Draws profile, free speed, body and reaction time of person i.
void draw_person(const Scenario& scenario, const std::vector<Weighted<ProfileId>>& profiles,
                 std::size_t i, Pedestrians& people);

/// Height and mass of a person's body: those of the profile, with a common standard deviation of
/// 4 % of the height and 12 % of the mass (our assumption).
struct Body {
    double height_m;
    double mass_kg;
};
Body body_of(const Profile& profile, std::uint64_t seed, std::uint64_t person);

} // namespace veste
