veste_test(veste_test_simulation LABEL unit
    FOLDERS base city pedestrians traffic flood ambient sensing simulation
    SOURCES
        unit/simulation/test_changes.cpp
        unit/simulation/test_checkpoint.cpp
        unit/simulation/test_coupling.cpp
        unit/simulation/test_damaged_city.cpp
        unit/simulation/test_ticks.cpp)
