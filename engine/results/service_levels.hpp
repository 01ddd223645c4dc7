#pragma once
#include "city/city.hpp"
#include "city/drawing.hpp"
#include "results/reader.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

/// Levels of service as a map shows them.
namespace veste {

/// A class of density and how it is drawn.
struct ServiceLook {
    double from_per_m2; ///< begins above
    Colour colour;
    const char* label;
};
/// Fruin's (1971) levels A to F for walkways; of F, what is above 4.7 per m² apart: more than the
/// Guide to Safety at Sports Grounds (47 people on 10 m²) lets stand anywhere.
extern const std::array<ServiceLook, 7> service_looks;

/// The class of a density: 0 is A, 5 is F, 6 is F above 4.7 per m².
std::size_t service_class(double density_per_m2);

/// Those of the people whom a plan of one level shows, see is_shown. Who was recorded
/// without a level is kept.
std::vector<RecordedPerson> people_on(std::span<const RecordedPerson> people, const WalkMesh& mesh,
                                      std::optional<std::int8_t> level);

/// The local density of Helbing, Johansson, Al-Abideen (2007) around people, as heat maps have it:
/// each a Gaussian of 1 m, on cells of 0.5 m over the box.
Raster<float> local_density(std::span<const RecordedPerson> people, const Box2& box);

/// Paints the classes on walkable ground of a level or of any; where there is nobody nothing is
/// painted.
void draw_service_levels(Canvas& canvas, const City& city, const Raster<float>& density,
                         std::optional<std::int8_t> level);

} // namespace veste
