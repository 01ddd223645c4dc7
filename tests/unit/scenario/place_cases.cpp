#include "problem_cases.hpp"

namespace veste::test {

std::vector<ProblemCase> place_cases() {
    const std::string place = "[[place]]\nname = \"here\"\n";
    const std::string layer = place + "file = \"plan.geojson\"\nname_attribute = \"title\"\n";
    return {
        {"an unknown CRS",
         "crs = \"EPSG:99999999\" #!",
         {"crs = \"EPSG:99999999\": ", "wanted is a CRS such as \"EPSG:4326\""}},
        {"an unknown CRS of a place",
         place + "crs = \"metres\" #!\ncircle = { at = [1, 1], radius = \"5 m\" }",
         {"crs = \"metres\": ", "wanted is a CRS such as \"EPSG:4326\""}},
        {"a place outside the city",
         place + "circle = { at = [9000, 9000], radius = \"5 m\" } #!",
         {"circle.at = [9000, 9000]: 9000, 9000 lies outside the city",
          "the city lies at -250 to 450, -250 to 350"}},
        {"coordinates in the wrong order",
         place + "circle = { at = [340, 440], radius = \"5 m\" } #!",
         {"lies outside the city", "x or longitude comes first"}},
        {"a polygon outside the city",
         place + "polygon = [[900, 900], [910, 900], [910, 910]] #!",
         {"polygon = [[900, 900]", "lies outside the city; the city lies at -250 to 450"}},
        {"a polygon that crosses itself",
         place + "polygon = [[0, 0], [10, 10], [10, 0], [0, 10]] #!",
         {"crosses itself or has no area; wanted are corners in order"}},
        {"a polygon of two points",
         place + "polygon = [[0, 0], [10, 10]] #!",
         {"wanted are at least three points"}},
        {"a polygon with an infinite point",
         place + "polygon = [[0, 0], [inf, 1], [2, 2]] #!",
         {"= [inf, 1]: is no point; wanted is"}},
        {"a point of three numbers",
         place + "circle = { at = [1, 2, 3], radius = \"5 m\" } #!",
         {"at = [1, 2, 3]: is no point; wanted is a point such as [7.42, 43.73]"}},
        {"a place given twice over",
         "[[place]] #!\nname = \"here\"\narea = \"Quay\"\ncircle = { at = [1, 1], radius = \"5 m\" "
         "}",
         {"place \"here\": needs exactly one of area, file, polygon, circle; given are area, "
          "circle"}},
        {"a place given not at all",
         "[[place]] #!\nname = \"here\"",
         {"needs exactly one of area, file, polygon, circle; none is given"}},
        {"a layer's key without a file",
         place + "area = \"Quay\"\nlayer = \"plan\" #!",
         {"layer = \"plan\": is for places from a layer; file is missing"}},
        {"two places of one name",
         place + "area = \"Quay\"\n[[place]]\nname = \"here\" #!\narea = "
                 "\"Quay\"",
         {"place \"here\": name = \"here\": another place has this name already"}},
        {"an unknown named area",
         place + "area = \"Kuay\" #!",
         {"area: there is no named area of the city \"Kuay\", did you mean Quay?"}},
        {"a missing file",
         place + "file = \"plans.gpkg\" #!",
         {"file = \"plans.gpkg\": there is no file ", "plans.gpkg"}},
        {"a file that is no layer",
         place + "file = \"scenario.toml\" #!",
         {"file = \"scenario.toml\": ", "not a vector file that GDAL can read"}},
        {"a missing layer",
         "[[place]]\nname = \"here\"\nfile = \"plan.geojson\" #!\nlayer = \"plam\"\nname_attribute "
         "= \"title\"",
         {"has no layer \"plam\", did you mean plan?"}},
        {"a missing attribute",
         place + "file = \"plan.geojson\" #!",
         {"has no such attribute; it has: title"}},
        {"a missing feature",
         layer + "feature = \"East sid\" #!",
         {"feature: there is no feature \"East sid\", did you mean East side?"}},
        {"a feature of the place's own name",
         "[[place]]\nname = \"Est side\" #!\nfile = \"plan.geojson\"\nname_attribute = \"title\"",
         {"name: there is no feature \"Est side\", did you mean East side?"}},
        {"a feature of two parts",
         layer + "feature = \"Two parts\" #!",
         {"has 2 separate parts; a place is one polygon"}},
        {"a feature outside the city",
         layer + "feature = \"Far away\" #!",
         {"feature = \"Far away\": lies outside the city"}},
    };
}

} // namespace veste::test
