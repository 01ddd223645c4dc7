veste_folder(simulation
    SOURCES
    LIBRARIES fmt::fmt)
