#include "scenario_file.hpp"

#include <doctest/doctest.h>
#include <iostream>

using namespace veste;

TEST_CASE("a scenario that uses every key is read as it is written") {
    const test::ScenarioFile file(test::full_scenario());
    std::vector<std::string> w;
    for (const auto& p : file.problems(&w))
        std::cout << p << "\n";
    for (const auto& p : w)
        std::cout << "W " << p << "\n";
    for (const Signal& s : test::the_town().streets.signals)
        std::cout << s.name << s.links << "\n";
    const test::ScenarioFile file2(test::town_storm);
    for (const auto& p : file2.problems(&w))
        std::cout << p << "\n";
}
