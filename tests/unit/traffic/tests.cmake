veste_test(veste_test_traffic LABEL unit FOLDERS base city traffic
    SOURCES
        unit/traffic/test_planning.cpp
        unit/traffic/test_routing.cpp
        unit/traffic/test_junctions.cpp
        unit/traffic/test_measures.cpp)
