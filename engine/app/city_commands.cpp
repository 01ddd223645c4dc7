#include "app/commands.hpp"
#include "base/files.hpp"
#include "city/city.hpp"
#include "city/recipe.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace veste::app {
namespace {

void print_lines(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) {
        return;
    }
    fmt::print("{}\n", title);
    for (const std::string& line : lines) {
        fmt::print("  {}\n", line);
    }
}

void print_city(const City& city) {
    const Vec2 size = city.bounds.size_m();
    fmt::print("{}: EPSG:{}, {:.0f} x {:.0f} m around {:.5f}, {:.5f} (latitude, longitude)\n",
               city.name, city.epsg, size.x(), size.y(), city.latitude_deg, city.longitude_deg);
    fmt::print("digest {}\n", city.digest);
    print_lines("found", city.report.found);
    print_lines("assumed", city.report.assumed);
    print_lines("warnings", city.report.warnings);
}

} // namespace

void build_city_file(const CityBuildOptions& options) {
    std::vector<Path> inputs = read_recipe(options.recipe).inputs();
    inputs.push_back(options.recipe);
    check_outputs({options.output, options.map}, inputs); // told before the work, not after it
    const City city =
        build_city(options.recipe, [](std::string_view text) { spdlog::warn("{}", text); });
    save_city(city, options.output);
    print_city(city);
    if (!options.map.empty()) {
        draw_city(city, options.map);
    }
}

void show_city(const CityInfoOptions& options) {
    check_outputs({options.map}, {options.city});
    const City city = load_city(options.city);
    print_city(city);
    if (!options.map.empty()) {
        draw_city(city, options.map, options.width_px);
        fmt::print("map: {}\n", options.map.string());
    }
}

} // namespace veste::app
