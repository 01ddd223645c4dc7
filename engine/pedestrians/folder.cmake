veste_folder(pedestrians
    SOURCES
    LIBRARIES fmt::fmt)
