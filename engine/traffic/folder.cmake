veste_folder(traffic
    SOURCES
    LIBRARIES fmt::fmt)
