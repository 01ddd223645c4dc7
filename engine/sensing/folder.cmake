veste_folder(sensing
    SOURCES
    LIBRARIES fmt::fmt)
