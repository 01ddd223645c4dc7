#include "pedestrians/judgement.hpp"

#include <algorithm>
#include <limits>

namespace veste {
namespace {

using Person = Crowd::Person;

/// Cosines of directions below which two people meet rather than follow each other: those who steer
/// for the same corner or door merge unless they come face to face, others cross.
constexpr float oncoming_below = -0.7F;
constexpr float crossing_below = 0.3F;
constexpr float same_door_m = 2.5F;
constexpr float close_m = 0.8F;
/// Who is held up for long by people on their way elsewhere presses so much closer past them.
constexpr double most_pressed = 0.4;

/// The walker's own part in the judgement, in single precision.
struct Own {
    explicit Own(const Intention& walker)
        : ex(static_cast<float>(walker.direction.x())),
          ey(static_cast<float>(walker.direction.y())),
          corner_x_m(static_cast<float>(walker.corner.x())),
          corner_y_m(static_cast<float>(walker.corner.y())),
          radius_m(static_cast<float>(walker.radius_m)), id(walker.id),
          is_patient(walker.is_patient) {}

    float ex, ey;
    float corner_x_m, corner_y_m;
    float radius_m;
    std::uint32_t id;
    bool is_patient;
};

/// Set where people meet or cross the walker, rather than go the same way or merge with it.
LaneMask meets(const Own& own, const FourInSight& four, const Lanes& facing_x,
               const Lanes& facing_y) {
    const Lanes facing = facing_x * own.ex + facing_y * own.ey;
    const auto [corner_x_m, corner_y_m, velocity_x, velocity_y] = four.courses();
    const Lanes dx = corner_x_m - own.corner_x_m;
    const Lanes dy = corner_y_m - own.corner_y_m;
    const LaneMask merges = dx * dx + dy * dy < same_door_m * same_door_m;
    return facing < crossing_below && (facing < oncoming_below || !merges);
}

/// Set where each is in the other's way and the walker is farther on: of two who merge, the one
/// who has the other more at the side than ahead goes first, else both would wait for good.
LaneMask goes_first(const Own& own, const FourInSight& four, const Lanes& facing_x,
                    const Lanes& facing_y, const Lanes& width_m) {
    const Lanes ahead_m = four.dx_m * own.ex + four.dy_m * own.ey;
    const Lanes their_ahead_m = -(four.dx_m * facing_x + four.dy_m * facing_y);
    const Lanes their_aside_m = magnitude(four.dx_m * facing_y - four.dy_m * facing_x);
    const Lanes is_earlier([&](auto lane) { return own.id < four.people[lane]->id ? 1.0F : 0.0F; });
    return ahead_m > 0.0F && their_ahead_m > 0.0F && their_aside_m < width_m &&
           (ahead_m < their_ahead_m || (ahead_m == their_ahead_m && is_earlier > 0.0F));
}

/// The shares of the model in single precision, and how hard the walker presses.
struct Shares {
    Shares(const CollisionFreeSpeed& parameters, const Intention& walker)
        : body(static_cast<float>(parameters.body_share)),
          shoulder(static_cast<float>(parameters.shoulder_share)),
          file(static_cast<float>(parameters.single_file_share)), is_in_file(walker.is_in_file),
          width(static_cast<float>(parameters.width_share)),
          squeezed_width(static_cast<float>(parameters.squeezed_width_share)),
          least(static_cast<float>(parameters.least_share)),
          squeezed_least(static_cast<float>(parameters.squeezed_least_share)),
          contact(static_cast<float>(parameters.contact_share)),
          anticipation_s(static_cast<float>(parameters.anticipation_s)),
          pressed(static_cast<float>(1.0 - most_pressed * walker.squeezing)) {}

    float body, shoulder, file;
    bool is_in_file;
    float width, squeezed_width, least, squeezed_least, contact, anticipation_s, pressed;
};

FourJudged judge_four(const Own& own, const Shares& shares, const FourInSight& four, View& view) {
    const auto [facing_x, facing_y, radius_m, pace_mps] = four.looks();
    const Lanes radii_m = radius_m + own.radius_m;
    const LaneMask do_meet = meets(own, four, facing_x, facing_y);
    const LaneMask turns_shoulders =
        do_meet || LaneMask(own.is_patient) || four.of(&Person::is_waiting) > 0.0F;
    const Lanes pressed = choose(do_meet, Lanes(shares.pressed), Lanes(1.0F));
    const auto share = [&](float turned, float straight) {
        return choose(turns_shoulders, Lanes(turned), Lanes(straight)) * radii_m;
    };
    // People who meet reckon with where the other will be (Xu, Chraibi, Seyfried 2021).
    const Lanes closing_m = choose(do_meet, pace_mps * shares.anticipation_s, Lanes(0.0F));
    const Lanes width_m = share(shares.squeezed_width, shares.width) * pressed;
    const LaneMask is_first = !do_meet && goes_first(own, four, facing_x, facing_y, width_m);
    const Lanes distance2 = larger(four.distance_m * four.distance_m, Lanes(1e-6F));
    FourJudged judged;
    judged.body_m = share(shares.shoulder, shares.body);
    judged.slimmer_per_m = (radii_m * shares.shoulder - judged.body_m) / distance2;
    if (shares.is_in_file) {
        judged.body_m = choose(do_meet, judged.body_m, radii_m * shares.file);
        judged.slimmer_per_m = choose(do_meet, judged.slimmer_per_m, Lanes(0.0F));
    }
    judged.width_m = choose(is_first, Lanes(0.0F), width_m);
    judged.spacing_m = larger(four.distance_m - closing_m, smaller(four.distance_m, Lanes(0.5F)));
    judged.least_m = share(shares.squeezed_least, shares.least) * pressed;
    judged.bodies_m = radii_m * pressed;
    view.least_gap_m = std::min(view.least_gap_m, least(four.distance_m - judged.least_m));
    view.most_overlap_m =
        std::max(view.most_overlap_m, -least(four.distance_m - judged.bodies_m * shares.contact));
    view.meets_someone |= any_of(do_meet && four.distance_m < close_m);
    return judged;
}

} // namespace

View judge(const Intention& walker, const Surroundings& around, const CollisionFreeSpeed& model,
           std::span<FourJudged> room) {
    const Own own(walker);
    const Shares shares(model, walker);
    const auto judged = room.first(around.fours.size());
    View view{around.fours, judged, around.walls, std::numeric_limits<float>::infinity(),
              0.0F,         false};
    for (std::size_t f = 0; f < judged.size(); ++f) {
        judged[f] = judge_four(own, shares, around.fours[f], view);
    }
    return view;
}

} // namespace veste
