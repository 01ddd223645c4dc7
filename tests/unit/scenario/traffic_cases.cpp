#include "problem_cases.hpp"
#include "scenario_file.hpp"

namespace veste::test {
namespace {

std::string letters_of(const SignalPhase& phase) {
    std::string letters;
    for (const Light light : phase.lights) {
        letters += "rygG"[static_cast<std::size_t>(light)];
    }
    return letters;
}

/// The town's own plan as phases, with `change` made to the letters.
template <class Change> std::string phases(Change&& change) {
    std::string text;
    std::size_t number = 0;
    for (const SignalPhase& phase : the_town().streets.signals.at(0).plans.at(0).phases) {
        std::string letters = letters_of(phase);
        change(number++, letters);
        text += fmt::format("{}{{ duration = \"{} s\", lights = \"{}\" }}",
                            text.empty() ? "" : ", ", phase.duration_s, letters);
    }
    return "phases = [" + text + "] #!";
}

} // namespace

std::vector<ProblemCase> traffic_cases() {
    const std::string vehicles = "[[vehicles]]\nname = \"cars\"\ncount = 5\n";
    const std::string plan = "[[signal_plan]]\nname = \"own\"\nsignal = 1\n";
    const std::string route = "[[emergency_route]]\nfrom = \"Fire Station 1\"\n";
    return {
        {"an unknown street",
         vehicles + "from = \"West Stret\" #!",
         {"from: there is no place or street \"West Stret\", did you mean West Street?"}},
        {"an unknown OSM way",
         vehicles + "from = \"way 4711\" #!",
         {"from: no street of the city has the OSM way id 4711"}},
        {"a place without a street",
         vehicles + "to = \"plaza\" #!",
         {"to: place \"plaza\" (line ", "holds the middle of no street"}},
        {"the border beside others",
         vehicles + "from = [\"West Street\", \"border\"] #!",
         {"border stands alone"}},
        {"an unknown class",
         vehicles + "classes = { car = 1, tram = 1 } #!",
         {"classes: there is no vehicle class \"tram\"", "known are bicycle, bus, car"}},
        {"a class that is let in nowhere",
         vehicles + "classes = \"truck\"\nfrom = \"West Street\"\nto = \"Alley\" #!",
         {"to = \"Alley\": no street there lets a truck in; let in are: car, bicycle"}},
        {"a street no way leads to",
         vehicles + "from = \"West Street\"\nto = \"Island Road\" #!",
         {"to = \"Island Road\": no way for a car to \"Island Road\" from \"West Street\"",
          "choose streets that are linked"}},
        {"a street closed off from the start",
         vehicles + "from = \"East Street\"\nto = \"Alley\" #!\n[[change]]\nat = \"0 s\"\n"
                    "close = { street = \"West Street\" }",
         {"no way for a car to \"Alley\" from \"East Street\"", "a change closes the only way"}},
        {"a trip along one street",
         vehicles + "from = \"Alley\"\nto = \"Alley\" #!",
         {"is the street they come from"}},
        {"a route to where no street is",
         route + "to = [-150, 250] #!",
         {"to = [-150, 250]: no street within 100 m lets emergency vehicles in"}},
        {"a route without a way",
         route + "to = \"Island Road\" #!",
         {"no street leads there from the other end"}},
        {"a route to an unknown name",
         route + "to = \"Fire Station 2\" #!",
         {"to: there is no place, station or street \"Fire Station 2\", did you mean Fire Station "
          "1?"}},
        {"a route to a number",
         route + "to = 4 #!",
         {"to = 4: is a whole number; wanted is a name or a point"}},
        {"a plan for an unknown signal",
         "[[signal_plan]]\nname = \"own\"\nsignal = \"East Street / Nord Street\" #!\ncycle = \"90 "
         "s\"",
         {"did you mean East Street / North Street?"}},
        {"a plan for an unknown node",
         "[[signal_plan]]\nname = \"own\"\nsignal = 4711 #!\ncycle = \"90 s\"",
         {"signal = 4711: no signal of the city has this OSM node id"}},
        {"a plan for a place without signal",
         "[[signal_plan]]\nname = \"own\"\nsignal = [150, 150] #!\ncycle = \"90 s\"",
         {"signal = [150, 150]: no signal within 50 m"}},
        {"a plan without timing",
         "[[signal_plan]] #!\nname = \"own\"\nsignal = 1",
         {"needs exactly one of cycle, durations, phases; none is given"}},
        {"a cycle too short",
         plan + "cycle = \"12 s\" #!",
         {"cycle = \"12 s\": is too short for the signal's greens, yellows and clearing times; "
          "allowed from "}},
        {"another number of durations",
         plan + "durations = [\"30 s\", \"3 s\"] #!",
         {"2 durations; the plan \"fixed time\" of signal", "phases"}},
        {"a duration without a unit",
         plan +
             "durations = [30, \"3 s\", \"3 s\", \"3 s\", \"3 s\", \"3 s\", \"3 s\", \"3 s\"] #!",
         {"= 30: has no unit"}},
        {"letters for other links",
         plan + "phases = [{ duration = \"30 s\", lights = \"GGrr\" }] #!",
         {"lights = \"GGrr\": has 4 letters; signal \"East Street / North Street\" has 16 links"}},
        {"a letter that is no light",
         plan + "phases = [{ duration = \"30 s\", lights = \"GGrrxxGGrrxxGGrr\" }] #!",
         {"x is no light; allowed are G, g, y, r"}},
        {"two greens that meet",
         plan + phases([](std::size_t phase, std::string& letters) {
             if (phase == 0) {
                 std::replace(letters.begin(), letters.begin() + 12, 'g', 'G');
             }
         }),
         {"phases = ", "cross and both have G in phase 1; the one that waits needs g"}},
        {"a green over people who walk",
         plan + phases([](std::size_t, std::string& letters) { letters.replace(12, 4, "GGGG"); }),
         {"where people walk; it needs g or r"}},
        {"no yellow",
         plan + phases([](std::size_t, std::string& letters) {
             std::replace(letters.begin(), letters.end(), 'y', 'r');
         }),
         {"turns from green to red after phase", "without yellow"}},
        {"a link that never has green",
         plan + phases([](std::size_t, std::string& letters) { letters[0] = 'r'; }),
         {"link 1 never has green"}},
        {"a plan of a name the signal has",
         "[[signal_plan]]\nname = \"fixed time\" #!\nsignal = 1\ncycle = \"90 s\"",
         {"another plan of this signal has this name already"}},
    };
}

} // namespace veste::test
