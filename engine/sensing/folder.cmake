veste_folder(sensing
    SOURCES
        sensing/sensing.cpp
    LIBRARIES fmt::fmt)
