#pragma once
#include <string>
#include <vector>

namespace veste::test {

/// A part of a scenario file with one mistake in the line marked `#!`, and what must be told of it.
struct ProblemCase {
    std::string name;
    std::string body;
    std::vector<std::string> says;
};

std::vector<ProblemCase> value_cases();
std::vector<ProblemCase> place_cases();
std::vector<ProblemCase> people_cases();
std::vector<ProblemCase> traffic_cases();
std::vector<ProblemCase> timeline_cases();
std::vector<ProblemCase> measurement_cases();

} // namespace veste::test
