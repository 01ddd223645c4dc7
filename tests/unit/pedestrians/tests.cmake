veste_test(veste_test_pedestrians LABEL unit FOLDERS base city scenario pedestrians
    SOURCES
        unit/pedestrians/test_barriers.cpp
        unit/pedestrians/test_census.cpp
        unit/pedestrians/test_conveyors.cpp
        unit/pedestrians/test_crossings.cpp
        unit/pedestrians/test_determinism.cpp
        unit/pedestrians/test_effects.cpp
        unit/pedestrians/test_gates.cpp
        unit/pedestrians/test_groups.cpp
        unit/pedestrians/test_journeys.cpp
        unit/pedestrians/test_measures.cpp
        unit/pedestrians/test_movement.cpp
        unit/pedestrians/test_navigation.cpp
        unit/pedestrians/test_persons.cpp
        unit/pedestrians/test_plan.cpp
        unit/pedestrians/test_route_choice.cpp
        unit/pedestrians/test_stability.cpp)
