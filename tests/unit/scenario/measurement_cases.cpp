#include "problem_cases.hpp"

namespace veste::test {

std::vector<ProblemCase> measurement_cases() {
    const std::string line = "[[measurement_line]]\nname = \"door\"\n";
    const std::string area = "[[measurement_area]]\nname = \"front\"\n";
    return {
        {"a line of no length",
         line + "from = [90, 40]\nto = [90, 40] #!",
         {"measurement_line \"door\": to = [90, 40]: the line is 0.000 m long; allowed from 0.1 "
          "m"}},
        {"a line off the walkable ground",
         line + "from = [-200, 200] #!\nto = [-201, 200]",
         {"from = [-200, 200]: the line crosses no walkable ground on level 0; draw it across"}},
        {"a line on a level that is not there",
         line + "from = [90, 36] #!\nto = [90, 44]\nlevel = 3",
         {"the line crosses no walkable ground on level 3"}},
        {"a line outside the city",
         line + "from = [9000, 40] #!\nto = [90, 44]",
         {"from = [9000, 40]: 9000, 40 lies outside the city"}},
        {"a line without its end",
         "[[measurement_line]] #!\nname = \"door\"\nfrom = [90, 40]",
         {"measurement_line \"door\": to: is missing (the other end)"}},
        {"two lines of one name",
         line + "from = [90, 36]\nto = [90, 44]\n[[measurement_line]]\nname = \"door\" #!\n"
                "from = [90, 36]\nto = [90, 44]",
         {"another measurement line has this name already"}},
        {"an area off the walkable ground",
         area + "polygon = [[-201, 200], [-200, 200], [-200, 201]] #!",
         {"measurement_area \"front\": polygon = [[-201, 200]",
          "holds no walkable ground on level 0"}},
        {"an area of an unknown place",
         area + "place = \"yrd\" #!",
         {"place: there is no place \"yrd\", did you mean yard?"}},
        {"an area that is nowhere",
         "[[measurement_area]] #!\nname = \"front\"",
         {"needs exactly one of place, polygon; none is given"}},
        {"a cut-off of nothing",
         area + "place = \"yard\"\ncut_off = \"0 m\" #!",
         {"cut_off = \"0 m\"", "allowed 0.3 to 10 m"}},
        {"an interval of measures that is no multiple of the tick",
         "[outputs]\nmeasures_every = \"2.5 s\" #!",
         {"measures_every = \"2.5 s\": must be a multiple of the tick, 1 s"}},
        {"heat maps of huge cells",
         "[outputs]\nheat_cell = \"50 m\" #!",
         {"heat_cell = \"50 m\"", "allowed 0.25 to 5 m"}},
    };
}

} // namespace veste::test
