veste_folder(scenario
    SOURCES
    LIBRARIES fmt::fmt)
