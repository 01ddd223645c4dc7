#pragma once
#include "city/city.hpp"
#include "results/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace veste {

/// End of the worst interval of a run, s: the one where people in hazardous water, people in level
/// of service F and standing vehicles, each as share of its own largest value in the run, add up to
/// the most; the first of equals. Where all three are zero all run long, the one with most people.
/// Throws InputError where the file holds no interval yet.
double worst_time_s(const Results& results);

/// How a map shows people: each as a dot, or painted as Fruin's level of service, that of the
/// moment, or the mean or the worst one of the whole run.
enum class PeopleLook : std::uint8_t { Dots, Service, MeanService, WorstService };

/// Draws a moment of a run over the map of its city: water, people, vehicles, closed streets,
/// barriers, areas without power, lamps, sensors and signals. The picture shows the recorded
/// rasters' area where that is smaller than the city, else where the people are. Throws InputError
/// where the run was made with another city, holds nothing of that time, or has no heat maps for
/// the levels of service of the whole run. Levels of service of the moment are of the people on
/// `level`, without it on what is, at each place, the level nearest to 0; those of the whole run
/// are those of its heat maps.
void draw_results_map(const Results& results, const City& city, double time_s,
                      const std::filesystem::path& png, int width_px,
                      PeopleLook look = PeopleLook::Dots,
                      std::optional<std::int8_t> level = std::nullopt);

} // namespace veste
