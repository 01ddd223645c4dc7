veste_folder(ambient
    SOURCES
    LIBRARIES fmt::fmt)
