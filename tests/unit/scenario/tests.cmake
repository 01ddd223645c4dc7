veste_test(veste_test_scenario LABEL unit FOLDERS base city scenario
    SOURCES
        unit/scenario/test_full_scenario.cpp)
