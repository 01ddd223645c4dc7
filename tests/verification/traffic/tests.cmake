veste_test(veste_test_traffic_verification LABEL verification FOLDERS base city traffic
    SOURCES
        verification/traffic/test_capacity.cpp
        verification/traffic/test_following.cpp
        verification/traffic/test_grid.cpp)
