veste_test(veste_test_scenario LABEL unit FOLDERS base city scenario
    SOURCES
        unit/scenario/measurement_cases.cpp
        unit/scenario/people_cases.cpp
        unit/scenario/place_cases.cpp
        unit/scenario/schema_check.cpp
        unit/scenario/test_bases.cpp
        unit/scenario/test_description.cpp
        unit/scenario/test_full_scenario.cpp
        unit/scenario/test_problems.cpp
        unit/scenario/test_streets.cpp
        unit/scenario/test_time_distribution.cpp
        unit/scenario/timeline_cases.cpp
        unit/scenario/traffic_cases.cpp
        unit/scenario/value_cases.cpp)
