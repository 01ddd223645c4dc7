veste_folder(flood
    SOURCES
    LIBRARIES fmt::fmt)
