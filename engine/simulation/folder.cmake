veste_folder(simulation
    SOURCES
        simulation/changes.cpp
        simulation/checkpoint.cpp
        simulation/coupling.cpp
        simulation/simulation.cpp
        simulation/world.cpp
    LIBRARIES fmt::fmt)
