veste_folder(pedestrians
    SOURCES
        pedestrians/census.cpp
        pedestrians/crossings.cpp
        pedestrians/effects.cpp
        pedestrians/gate_chains.cpp
        pedestrians/gates.cpp
        pedestrians/journey.cpp
        pedestrians/model.cpp
        pedestrians/navigation.cpp
        pedestrians/operational.cpp
        pedestrians/plan.cpp
        pedestrians/plan_events.cpp
        pedestrians/queue_yard.cpp
        pedestrians/spawn.cpp
        pedestrians/steering.cpp
        pedestrians/walk_cells.cpp
    LIBRARIES fmt::fmt)
